#include "websocket_cases.h"

#include "base/attrs.h"
#include "http/websocket_frame.h"
#include "support/websocket_bytes.h"

/* First bytes of frames. */
enum {
    TEXT = FRAME_FINAL | WEBSOCKET_TEXT,
    TEXT_BEGINS = WEBSOCKET_TEXT,
    BINARY = FRAME_FINAL | WEBSOCKET_BINARY,
    MORE = WEBSOCKET_CONTINUATION,
    LAST = FRAME_FINAL, /* and the opcode of a continuation, 0 */
    CLOSE = FRAME_FINAL | WEBSOCKET_CLOSE,
    PING = FRAME_FINAL | WEBSOCKET_PING,
    PING_BEGINS = WEBSOCKET_PING,
    PONG = FRAME_FINAL | WEBSOCKET_PONG,
    PONG_BEGINS = WEBSOCKET_PONG,
};

#define SEND(first, text)                                                                \
    {                                                                                    \
        STEP_SEND, first, text, sizeof(text) - 1, 0, 0                                   \
    }
#define SEND_BYTES(bytes)                                                                \
    {                                                                                    \
        STEP_SEND_BYTES, 0, bytes, sizeof(bytes) - 1, 0, 0                               \
    }
#define SEND_LONG(first, length, fragment)                                               \
    {                                                                                    \
        STEP_SEND_LONG, first, NULL, length, fragment, 0                                 \
    }
#define EXPECT(first, text)                                                              \
    {                                                                                    \
        STEP_EXPECT, first, text, sizeof(text) - 1, 0, 0                                 \
    }
#define EXPECT_LONG(first, length)                                                       \
    {                                                                                    \
        STEP_EXPECT_LONG, first, NULL, length, 0, 0                                      \
    }
#define EXPECT_CLOSE(code)                                                               \
    {                                                                                    \
        STEP_EXPECT_CLOSE, 0, NULL, 0, 0, code                                           \
    }

/* A message of so many bytes, in fragments of so many, is sent back in one frame. */
#define LONG_CASE(id, first, length, fragment)                                           \
    {                                                                                    \
        id,                                                                              \
        {                                                                                \
            SEND_LONG(first, length, fragment), EXPECT_LONG(first, length)               \
        }                                                                                \
    }

/* A ping with so many bytes. */
#define PING_CASE(id, payload)                                                           \
    {                                                                                    \
        id,                                                                              \
        {                                                                                \
            SEND(PING, payload), EXPECT(PONG, payload)                                   \
        }                                                                                \
    }

/* A message, then a frame that begins wrongly, then a ping that is not answered. */
#define WRONG_FRAME_CASE(id, first, payload)                                             \
    {                                                                                    \
        id,                                                                              \
        {                                                                                \
            SEND(TEXT, "Hello, world!"), SEND(first, payload), SEND(PING, ""),           \
                EXPECT(TEXT, "Hello, world!"), EXPECT_CLOSE(1002)                        \
        }                                                                                \
    }

/* A continuation of nothing, then a good message. */
#define NOTHING_TO_CONTINUE_CASE(id, first)                                              \
    {                                                                                    \
        id,                                                                              \
        {                                                                                \
            SEND(first, "non-continuation payload"), SEND(TEXT, "Hello, world!"),        \
                EXPECT_CLOSE(1002)                                                       \
        }                                                                                \
    }

#define TEN "0123456789"
#define BYTES_120 TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define BYTES_125 BYTES_120 "01234"
#define BYTES_126 BYTES_120 "012345"

#define GREEK "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"

enum { KIB = 1024, MIB = 1024 * 1024 };

const struct websocket_case websocket_cases[] = {
  /* 1: framing. The lengths are those where the header takes another form. */
    LONG_CASE("1.1.1", TEXT, 0, 0),
    LONG_CASE("1.1.2", TEXT, 125, 0),
    LONG_CASE("1.1.3", TEXT, 126, 0),
    LONG_CASE("1.1.4", TEXT, 127, 0),
    LONG_CASE("1.1.5", TEXT, 128, 0),
    LONG_CASE("1.1.6", TEXT, 65535, 0),
    LONG_CASE("1.1.7", TEXT, 65536, 0), /* 1.1.8 in chops */
    LONG_CASE("1.2.1", BINARY, 0, 0),
    LONG_CASE("1.2.2", BINARY, 125, 0),
    LONG_CASE("1.2.3", BINARY, 126, 0),
    LONG_CASE("1.2.4", BINARY, 127, 0),
    LONG_CASE("1.2.5", BINARY, 128, 0),
    LONG_CASE("1.2.6", BINARY, 65535, 0),
    LONG_CASE("1.2.7", BINARY, 65536, 0), /* 1.2.8 in chops */

  /* 2: pings and pongs. */
    PING_CASE("2.1", ""),
    PING_CASE("2.2", "Hello, world!"),
    PING_CASE("2.3", "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"),
    PING_CASE("2.4", BYTES_125), /* 2.6 in single bytes */
    {"2.5",   {SEND(PING, BYTES_126), EXPECT_CLOSE(1002)}                              },
    {"2.7",   {SEND(PONG, "")}                                                         },
    {"2.8",   {SEND(PONG, "unsolicited pong payload")}                                 },
    {"2.9",
                                                  {SEND(PONG, "unsolicited pong payload"), SEND(PING, "ping payload"),
      EXPECT(PONG, "ping payload")}                                                                                                 },
    {"2.10",
                                                  {SEND(PING, "0"), SEND(PING, "1"), SEND(PING, "2"), SEND(PING, "3"), SEND(PING, "4"),
      EXPECT(PONG, "0"), EXPECT(PONG, "1"), EXPECT(PONG, "2"), EXPECT(PONG, "3"),
      EXPECT(PONG, "4")}                                                                                                            }, /* 2.11 in single bytes */

  /* 3: reserved bits. */
    {"3.1",   {SEND(TEXT | FRAME_RSV3, "Hello, world!"), EXPECT_CLOSE(1002)}           },
    WRONG_FRAME_CASE("3.2", TEXT | FRAME_RSV2, "Hello, world!"),
    WRONG_FRAME_CASE("3.3", TEXT | FRAME_RSV2 | FRAME_RSV3, "Hello, world!"),
    WRONG_FRAME_CASE("3.4", TEXT | FRAME_RSV1, "Hello, world!"),
    {"3.5",
                                                  {SEND(BINARY | FRAME_RSV1 | FRAME_RSV3, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"),
      EXPECT_CLOSE(1002)}                                                                                                           },
    {"3.6",   {SEND(PING | FRAME_RSV1 | FRAME_RSV2, "Hello"), EXPECT_CLOSE(1002)}      },
    {"3.7",
                                                  {SEND(CLOSE | FRAME_RSV1 | FRAME_RSV2 | FRAME_RSV3, "\x03\xe8"),
      EXPECT_CLOSE(1002)}                                                                                                           },

 /* 4: reserved opcodes. */
    {"4.1.1", {SEND(FRAME_FINAL | 3, ""), EXPECT_CLOSE(1002)}                          },
    {"4.1.2", {SEND(FRAME_FINAL | 4, "reserved opcode payload"), EXPECT_CLOSE(1002)}   },
    WRONG_FRAME_CASE("4.1.3", FRAME_FINAL | 5, ""),
    WRONG_FRAME_CASE("4.1.4", FRAME_FINAL | 6, "Hello, world!"),
    WRONG_FRAME_CASE("4.1.5", FRAME_FINAL | 7, "Hello, world!"),
    {"4.2.1", {SEND(FRAME_FINAL | 11, ""), EXPECT_CLOSE(1002)}                         },
    {"4.2.2", {SEND(FRAME_FINAL | 12, "reserved opcode payload"), EXPECT_CLOSE(1002)}  },
    WRONG_FRAME_CASE("4.2.3", FRAME_FINAL | 13, ""),
    WRONG_FRAME_CASE("4.2.4", FRAME_FINAL | 14, "Hello, world!"),
    WRONG_FRAME_CASE("4.2.5", FRAME_FINAL | 15, "Hello, world!"),

 /* 5: fragments. Those that differ in how the bytes are chopped are one case here. */
    {"5.1",
                                                  {SEND(PING_BEGINS, "fragment1"), SEND(LAST, "fragment2"), EXPECT_CLOSE(1002)}     },
    {"5.2",
                                                  {SEND(PONG_BEGINS, "fragment1"), SEND(LAST, "fragment2"), EXPECT_CLOSE(1002)}     },
    {"5.3",
                                                  {SEND(TEXT_BEGINS, "fragment1"), SEND(LAST, "fragment2"),
      EXPECT(TEXT, "fragment1fragment2")}                                                                                           },
    {"5.6",
                                                  {SEND(TEXT_BEGINS, "fragment1"), SEND(PING, "ping payload"), SEND(LAST, "fragment2"),
      EXPECT(PONG, "ping payload"), EXPECT(TEXT, "fragment1fragment2")}                                                             },
    NOTHING_TO_CONTINUE_CASE("5.9", LAST),
    NOTHING_TO_CONTINUE_CASE("5.12", MORE),
    {"5.15",
                                                  {SEND(TEXT_BEGINS, "fragment1"), SEND(LAST, "fragment2"), SEND(MORE, "fragment3"),
      SEND(TEXT, "fragment4"), EXPECT(TEXT, "fragment1fragment2"), EXPECT_CLOSE(1002)}                                              },
    {"5.16",
                                                  {SEND(MORE, "fragment1"), SEND(TEXT_BEGINS, "fragment2"), SEND(LAST, "fragment3"),
      SEND(MORE, "fragment1"), SEND(TEXT_BEGINS, "fragment2"), SEND(LAST, "fragment3"),
      EXPECT_CLOSE(1002)}                                                                                                           },
    {"5.17",
                                                  {SEND(LAST, "fragment1"), SEND(TEXT_BEGINS, "fragment2"), SEND(LAST, "fragment3"),
      SEND(LAST, "fragment1"), SEND(TEXT_BEGINS, "fragment2"), SEND(LAST, "fragment3"),
      EXPECT_CLOSE(1002)}                                                                                                           },
    {"5.18",
                                                  {SEND(TEXT_BEGINS, "fragment1"), SEND(TEXT, "fragment2"), EXPECT_CLOSE(1002)}     },
    {"5.19",
                                                  {SEND(TEXT_BEGINS, "1"), SEND(MORE, "2"), SEND(PING, "pongme 1!"),
      EXPECT(PONG, "pongme 1!"), SEND(MORE, "3"), SEND(MORE, "4"),
      SEND(PING, "pongme 2!"), EXPECT(PONG, "pongme 2!"), SEND(LAST, "5"),
      EXPECT(TEXT, "12345")}                                                                                                        },

 /* 6: UTF-8 in fragments; all the sequences are below. */
    {"6.1.1", {SEND(TEXT, ""), EXPECT(TEXT, "")}                                       },
    {"6.1.2", {SEND(TEXT_BEGINS, ""), SEND(MORE, ""), SEND(LAST, ""), EXPECT(TEXT, "")}},
    {"6.1.3",
                                                  {SEND(TEXT_BEGINS, ""), SEND(MORE, "middle frame payload"), SEND(LAST, ""),
      EXPECT(TEXT, "middle frame payload")}                                                                                         },
    {"6.2.1",
                                                  {SEND(TEXT, "Hello-" GREEK "-UTF-8!!"), EXPECT(TEXT, "Hello-" GREEK "-UTF-8!!")}  },
    {"6.2.2",
                                                  {SEND(TEXT_BEGINS, "Hello-" GREEK), SEND(LAST, "-UTF-8!!"),
      EXPECT(TEXT, "Hello-" GREEK "-UTF-8!!")}                                                                                      },
    {"6.2.3",
                                                  {SEND(TEXT_BEGINS, "\xce"), SEND(MORE, "\xba"), SEND(MORE, "\xe1"),
      SEND(MORE, "\xbd"), SEND(MORE, "\xb9"), SEND(MORE, "\xf0"), SEND(MORE, "\x9f"),
      SEND(MORE, "\x98"), SEND(LAST, "\x80"),
      EXPECT(TEXT, "\xce\xba\xe1\xbd\xb9\xf0\x9f\x98\x80")}                                                                         },
    {"6.2.4",
                                                  {SEND(TEXT_BEGINS, "\xce"), SEND(MORE, "\xba\xe1\xbd\xb9\xcf"),
      SEND(LAST, "\x83\xce\xbc\xce\xb5"), EXPECT(TEXT, GREEK)}                                                                      },
    {"6.3.1",
                                                  {SEND(TEXT, GREEK "\xed\xa0\x80"
                       "edited"),
      EXPECT_CLOSE(1007)}                                                                                                           },
    {"6.3.2",
                                                  {SEND(TEXT_BEGINS, GREEK), SEND(MORE, "\xed"), SEND(MORE, "\xa0"),
      SEND(MORE, "\x80"), SEND(LAST, "edited"), EXPECT_CLOSE(1007)}                                                                 },
 /* What is still good is kept, as the ping shows; the first bad byte is refused, and
  * the rest is never sent. */
    {"6.4.1",
                                                  {SEND(TEXT_BEGINS, GREEK), SEND(PING, "1"), EXPECT(PONG, "1"),
      SEND(MORE, "\xf4\x90\x80\x80"), EXPECT_CLOSE(1007)}                                                                           },
    {"6.4.2",
                                                  {SEND(TEXT_BEGINS, GREEK "\xf4"), SEND(PING, "1"), EXPECT(PONG, "1"),
      SEND(MORE, "\x90"), EXPECT_CLOSE(1007)}                                                                                       },
    {"6.4.3",
                                                  {SEND_BYTES("\x81\x95\0\0\0\0" GREEK), SEND_BYTES("\xf4\x90\x80\x80"),
      EXPECT_CLOSE(1007)}                                                                                                           },
    {"6.4.4",
                                                  {SEND_BYTES("\x81\x95\0\0\0\0" GREEK "\xf4"), SEND_BYTES("\x90"),
      EXPECT_CLOSE(1007)}                                                                                                           },

 /* 7: closing. */
    {"7.1.1", {SEND(TEXT, "Hello World!"), EXPECT(TEXT, "Hello World!")}               },
    {"7.1.2", {SEND(CLOSE, "\x03\xe8"), SEND(CLOSE, "\x03\xe8"), EXPECT_CLOSE(1000)}   },
    {"7.1.3", {SEND(CLOSE, "\x03\xe8"), SEND(PING, ""), EXPECT_CLOSE(1000)}            },
    {"7.1.4", {SEND(CLOSE, "\x03\xe8"), SEND(TEXT, "Hello World!"), EXPECT_CLOSE(1000)}},
    {"7.1.5",
                                                  {SEND(TEXT_BEGINS, "fragment1"), SEND(CLOSE, "\x03\xe8"), SEND(LAST, "fragment2"),
      EXPECT_CLOSE(1000)}                                                                                                           },
    {"7.1.6",
                                                  {SEND_LONG(TEXT, 256 * KIB, 0), SEND(TEXT, "Hello World!"), SEND(CLOSE, "\x03\xe8"),
      SEND(PING, ""), EXPECT_LONG(TEXT, 256 * KIB), EXPECT(TEXT, "Hello World!"),
      EXPECT_CLOSE(1000)}                                                                                                           },
    {"7.3.1", {SEND(CLOSE, ""), EXPECT_CLOSE(-1)}                                      },
    {"7.3.2", {SEND(CLOSE, "a"), EXPECT_CLOSE(1002)}                                   },
    {"7.3.3", {SEND(CLOSE, "\x03\xe8"), EXPECT_CLOSE(1000)}                            },
    {"7.3.4",
                                                  {SEND(CLOSE, "\x03\xe8"
                  "Hello World!"),
      EXPECT_CLOSE(1000)}                                                                                                           },
    {"7.3.5", {SEND(CLOSE, "\x03\xe8" BYTES_120 "012"), EXPECT_CLOSE(1000)}            },
    {"7.3.6", {SEND(CLOSE, "\x03\xe8" BYTES_120 "0123"), EXPECT_CLOSE(1002)}           },
    {"7.5.1",
                                                  {SEND(CLOSE, "\x03\xe8" GREEK "\xed\xa0\x80"
                  "edited"),
      EXPECT_CLOSE(1007)}                                                                                                           },

 /* 9: limits, within bounds: long messages, and many fragments. */
    LONG_CASE("9.1.1", TEXT, 64 * KIB, 0),
    LONG_CASE("9.1.2", TEXT, 256 * KIB, 0),
    LONG_CASE("9.1.3", TEXT, MIB, 0),
    LONG_CASE("9.1.4", TEXT, 4 * MIB, 0),
    LONG_CASE("9.2.1", BINARY, 64 * KIB, 0),
    LONG_CASE("9.2.2", BINARY, 256 * KIB, 0),
    LONG_CASE("9.2.3", BINARY, MIB, 0),
    LONG_CASE("9.2.4", BINARY, 4 * MIB, 0),
    LONG_CASE("9.3.1", TEXT, MIB, 64),
    LONG_CASE("9.3.2", TEXT, MIB, 256),
    LONG_CASE("9.3.3", TEXT, MIB, KIB),
    LONG_CASE("9.3.4", TEXT, MIB, 4 * KIB),
    LONG_CASE("9.3.5", TEXT, MIB, 16 * KIB),
    LONG_CASE("9.3.6", TEXT, MIB, 64 * KIB),
    LONG_CASE("9.3.7", TEXT, MIB, 256 * KIB),
    LONG_CASE("9.3.8", TEXT, 4 * MIB, MIB),
    LONG_CASE("9.4.1", BINARY, MIB, 64),
    LONG_CASE("9.4.2", BINARY, MIB, 256),
    LONG_CASE("9.4.3", BINARY, MIB, KIB),
    LONG_CASE("9.4.4", BINARY, MIB, 4 * KIB),
    LONG_CASE("9.4.5", BINARY, MIB, 16 * KIB),
    LONG_CASE("9.4.6", BINARY, MIB, 64 * KIB),
    LONG_CASE("9.4.7", BINARY, MIB, 256 * KIB),
    LONG_CASE("9.4.8", BINARY, 4 * MIB, MIB),

 /* 10: fragments of a length that divides nothing. */
    LONG_CASE("10.1.1", TEXT, 65536, 1300),
};
const size_t websocket_case_count = COUNT_OF(websocket_cases);

#define UTF8_CASE(id, valid, bytes)                                                      \
    {                                                                                    \
        id, valid, bytes, sizeof(bytes) - 1                                              \
    }

/* The sequences of Markus Kuhn's test of UTF-8 decoders. */
const struct utf8_case utf8_cases[] = {
    /* correct text */
    UTF8_CASE("6.5.1", true, "hello$world"),
    UTF8_CASE("6.5.2", true, "hello\xc2\xa2world"),
    UTF8_CASE("6.5.3", true, "hello\xe2\x82\xacworld"),
    UTF8_CASE("6.5.4", true, "hello\xf0\xa4\xad\xa2world"),
    UTF8_CASE("6.5.5", true, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"),
    /* its prefixes */
    UTF8_CASE("6.6.1", false, "\xce"),
    UTF8_CASE("6.6.2", true, "\xce\xba"),
    UTF8_CASE("6.6.3", false, "\xce\xba\xe1"),
    UTF8_CASE("6.6.4", false, "\xce\xba\xe1\xbd"),
    UTF8_CASE("6.6.5", true, "\xce\xba\xe1\xbd\xb9"),
    UTF8_CASE("6.6.6", false, "\xce\xba\xe1\xbd\xb9\xcf"),
    UTF8_CASE("6.6.7", true, "\xce\xba\xe1\xbd\xb9\xcf\x83"),
    UTF8_CASE("6.6.8", false, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce"),
    UTF8_CASE("6.6.9", true, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc"),
    UTF8_CASE("6.6.10", false, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce"),
    UTF8_CASE("6.6.11", true, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"),
    /* the first of each length */
    UTF8_CASE("6.7.1", true, "\x00"),
    UTF8_CASE("6.7.2", true, "\xc2\x80"),
    UTF8_CASE("6.7.3", true, "\xe0\xa0\x80"),
    UTF8_CASE("6.7.4", true, "\xf0\x90\x80\x80"),
    /* the first of lengths that there are not */
    UTF8_CASE("6.8.1", false, "\xf8\x88\x80\x80\x80"),
    UTF8_CASE("6.8.2", false, "\xfc\x84\x80\x80\x80\x80"),
    /* the last of each length */
    UTF8_CASE("6.9.1", true, "\x7f"),
    UTF8_CASE("6.9.2", true, "\xdf\xbf"),
    UTF8_CASE("6.9.3", true, "\xef\xbf\xbf"),
    UTF8_CASE("6.9.4", true, "\xf4\x8f\xbf\xbf"),
    /* the last of lengths that there are not */
    UTF8_CASE("6.10.1", false, "\xf7\xbf\xbf\xbf"),
    UTF8_CASE("6.10.2", false, "\xfb\xbf\xbf\xbf\xbf"),
    UTF8_CASE("6.10.3", false, "\xfd\xbf\xbf\xbf\xbf\xbf"),
    /* other ends of ranges */
    UTF8_CASE("6.11.1", true, "\xed\x9f\xbf"),
    UTF8_CASE("6.11.2", true, "\xee\x80\x80"),
    UTF8_CASE("6.11.3", true, "\xef\xbf\xbd"),
    UTF8_CASE("6.11.4", true, "\xf4\x8f\xbf\xbf"),
    UTF8_CASE("6.11.5", false, "\xf4\x90\x80\x80"),
    /* continuations without a beginning */
    UTF8_CASE("6.12.1", false, "\x80"),
    UTF8_CASE("6.12.2", false, "\xbf"),
    UTF8_CASE("6.12.3", false, "\x80\xbf"),
    UTF8_CASE("6.12.4", false, "\x80\xbf\x80"),
    UTF8_CASE("6.12.5", false, "\x80\xbf\x80\xbf"),
    UTF8_CASE("6.12.6", false, "\x80\xbf\x80\xbf\x80"),
    UTF8_CASE("6.12.7", false, "\x80\xbf\x80\xbf\x80\xbf"),
    UTF8_CASE("6.12.8", false,
              "\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91"
              "\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2\xa3"
              "\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5"
              "\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe"),
    /* beginnings without a continuation */
    UTF8_CASE(
        "6.13.1", false,
        "\xc0 \xc1 \xc2 \xc3 \xc4 \xc5 \xc6 \xc7 \xc8 \xc9 \xca \xcb \xcc \xcd \xce \xcf "
        "\xd0 \xd1 \xd2 \xd3 \xd4 \xd5 \xd6 \xd7 \xd8 \xd9 \xda \xdb \xdc \xdd \xde "),
    UTF8_CASE(
        "6.13.2", false,
        "\xe0 \xe1 \xe2 \xe3 \xe4 \xe5 \xe6 \xe7 \xe8 \xe9 \xea \xeb \xec \xed \xee "),
    UTF8_CASE("6.13.3", false, "\xf0 \xf1 \xf2 \xf3 \xf4 \xf5 \xf6 "),
    UTF8_CASE("6.13.4", false, "\xf8 \xf9 \xfa "),
    UTF8_CASE("6.13.5", false, "\xfc "),
    /* the last continuation is missing */
    UTF8_CASE("6.14.1", false, "\xc0"),
    UTF8_CASE("6.14.2", false, "\xe0\x80"),
    UTF8_CASE("6.14.3", false, "\xf0\x80\x80"),
    UTF8_CASE("6.14.4", false, "\xf8\x80\x80\x80"),
    UTF8_CASE("6.14.5", false, "\xfc\x80\x80\x80\x80"),
    UTF8_CASE("6.14.6", false, "\xdf"),
    UTF8_CASE("6.14.7", false, "\xef\xbf"),
    UTF8_CASE("6.14.8", false, "\xf7\xbf\xbf"),
    UTF8_CASE("6.14.9", false, "\xfb\xbf\xbf\xbf"),
    UTF8_CASE("6.14.10", false, "\xfd\xbf\xbf\xbf\xbf"),
    /* all of these in a row */
    UTF8_CASE("6.15.1", false,
              "\xc0\xe0\x80\xf0\x80\x80\xf8\x80\x80\x80\xfc\x80\x80\x80\x80\xdf\xef\xbf"
              "\xf7\xbf\xbf\xfb\xbf\xbf\xbf\xfd\xbf\xbf\xbf\xbf"),
    /* bytes that are never used */
    UTF8_CASE("6.16.1", false, "\xfe"),
    UTF8_CASE("6.16.2", false, "\xff"),
    UTF8_CASE("6.16.3", false, "\xfe\xfe\xff\xff"),
    /* overlong forms of a slash */
    UTF8_CASE("6.17.1", false, "\xc0\xaf"),
    UTF8_CASE("6.17.2", false, "\xe0\x80\xaf"),
    UTF8_CASE("6.17.3", false, "\xf0\x80\x80\xaf"),
    UTF8_CASE("6.17.4", false, "\xf8\x80\x80\x80\xaf"),
    UTF8_CASE("6.17.5", false, "\xfc\x80\x80\x80\x80\xaf"),
    /* the longest overlong forms */
    UTF8_CASE("6.18.1", false, "\xc1\xbf"),
    UTF8_CASE("6.18.2", false, "\xe0\x9f\xbf"),
    UTF8_CASE("6.18.3", false, "\xf0\x8f\xbf\xbf"),
    UTF8_CASE("6.18.4", false, "\xf8\x87\xbf\xbf\xbf"),
    UTF8_CASE("6.18.5", false, "\xfc\x83\xbf\xbf\xbf\xbf"),
    /* overlong forms of zero */
    UTF8_CASE("6.19.1", false, "\xc0\x80"),
    UTF8_CASE("6.19.2", false, "\xe0\x80\x80"),
    UTF8_CASE("6.19.3", false, "\xf0\x80\x80\x80"),
    UTF8_CASE("6.19.4", false, "\xf8\x80\x80\x80\x80"),
    UTF8_CASE("6.19.5", false, "\xfc\x80\x80\x80\x80\x80"),
    /* single surrogates */
    UTF8_CASE("6.20.1", false, "\xed\xa0\x80"),
    UTF8_CASE("6.20.2", false, "\xed\xad\xbf"),
    UTF8_CASE("6.20.3", false, "\xed\xae\x80"),
    UTF8_CASE("6.20.4", false, "\xed\xaf\xbf"),
    UTF8_CASE("6.20.5", false, "\xed\xb0\x80"),
    UTF8_CASE("6.20.6", false, "\xed\xbe\x80"),
    UTF8_CASE("6.20.7", false, "\xed\xbf\xbf"),
    /* pairs of surrogates */
    UTF8_CASE("6.21.1", false, "\xed\xa0\x80\xed\xb0\x80"),
    UTF8_CASE("6.21.2", false, "\xed\xa0\x80\xed\xbf\xbf"),
    UTF8_CASE("6.21.3", false, "\xed\xad\xbf\xed\xb0\x80"),
    UTF8_CASE("6.21.4", false, "\xed\xad\xbf\xed\xbf\xbf"),
    UTF8_CASE("6.21.5", false, "\xed\xae\x80\xed\xb0\x80"),
    UTF8_CASE("6.21.6", false, "\xed\xae\x80\xed\xbf\xbf"),
    UTF8_CASE("6.21.7", false, "\xed\xaf\xbf\xed\xb0\x80"),
    UTF8_CASE("6.21.8", false, "\xed\xaf\xbf\xed\xbf\xbf"),
    /* code points that are no characters */
    UTF8_CASE("6.22.1", true, "\xef\xbf\xbe"),
    UTF8_CASE("6.22.2", true, "\xef\xbf\xbf"),
    UTF8_CASE("6.22.3", true, "\xf0\x9f\xbf\xbe"),
    UTF8_CASE("6.22.4", true, "\xf0\x9f\xbf\xbf"),
    UTF8_CASE("6.22.5", true, "\xf0\xaf\xbf\xbe"),
    UTF8_CASE("6.22.6", true, "\xf0\xaf\xbf\xbf"),
    UTF8_CASE("6.22.7", true, "\xf0\xbf\xbf\xbe"),
    UTF8_CASE("6.22.8", true, "\xf0\xbf\xbf\xbf"),
    UTF8_CASE("6.22.9", true, "\xf1\x8f\xbf\xbe"),
    UTF8_CASE("6.22.10", true, "\xf1\x8f\xbf\xbf"),
    UTF8_CASE("6.22.11", true, "\xf1\x9f\xbf\xbe"),
    UTF8_CASE("6.22.12", true, "\xf1\x9f\xbf\xbf"),
    UTF8_CASE("6.22.13", true, "\xf1\xaf\xbf\xbe"),
    UTF8_CASE("6.22.14", true, "\xf1\xaf\xbf\xbf"),
    UTF8_CASE("6.22.15", true, "\xf1\xbf\xbf\xbe"),
    UTF8_CASE("6.22.16", true, "\xf1\xbf\xbf\xbf"),
    UTF8_CASE("6.22.17", true, "\xf2\x8f\xbf\xbe"),
    UTF8_CASE("6.22.18", true, "\xf2\x8f\xbf\xbf"),
    UTF8_CASE("6.22.19", true, "\xf2\x9f\xbf\xbe"),
    UTF8_CASE("6.22.20", true, "\xf2\x9f\xbf\xbf"),
    UTF8_CASE("6.22.21", true, "\xf2\xaf\xbf\xbe"),
    UTF8_CASE("6.22.22", true, "\xf2\xaf\xbf\xbf"),
    UTF8_CASE("6.22.23", true, "\xf2\xbf\xbf\xbe"),
    UTF8_CASE("6.22.24", true, "\xf2\xbf\xbf\xbf"),
    UTF8_CASE("6.22.25", true, "\xf3\x8f\xbf\xbe"),
    UTF8_CASE("6.22.26", true, "\xf3\x8f\xbf\xbf"),
    UTF8_CASE("6.22.27", true, "\xf3\x9f\xbf\xbe"),
    UTF8_CASE("6.22.28", true, "\xf3\x9f\xbf\xbf"),
    UTF8_CASE("6.22.29", true, "\xf3\xaf\xbf\xbe"),
    UTF8_CASE("6.22.30", true, "\xf3\xaf\xbf\xbf"),
    UTF8_CASE("6.22.31", true, "\xf3\xbf\xbf\xbe"),
    UTF8_CASE("6.22.32", true, "\xf3\xbf\xbf\xbf"),
    UTF8_CASE("6.22.33", true, "\xf4\x8f\xbf\xbe"),
    UTF8_CASE("6.22.34", true, "\xf4\x8f\xbf\xbf"),
    /* specials */
    UTF8_CASE("6.23.1", true, "\xef\xbf\xb9"),
    UTF8_CASE("6.23.2", true, "\xef\xbf\xba"),
    UTF8_CASE("6.23.3", true, "\xef\xbf\xbb"),
    UTF8_CASE("6.23.4", true, "\xef\xbf\xbc"),
    UTF8_CASE("6.23.5", true, "\xef\xbf\xbd"),
    UTF8_CASE("6.23.6", true, "\xef\xbf\xbe"),
    UTF8_CASE("6.23.7", true, "\xef\xbf\xbf"),
};
const size_t utf8_case_count = COUNT_OF(utf8_cases);

const struct close_case close_cases[] = {
    {"7.7.1",                        1000,  1000},
    {"7.7.2",                        1001,  1001},
    {"7.7.3",                        1002,  1002},
    {"7.7.4",                        1003,  1003},
    {"7.7.5",                        1007,  1007},
    {"7.7.6",                        1008,  1008},
    {"7.7.7",                        1009,  1009},
    {"7.7.8",                        1010,  1010},
    {"7.7.9",                        1011,  1011},
    {"7.7.10",                       3000,  3000},
    {"7.7.11",                       3999,  3999},
    {"7.7.12",                       4000,  4000},
    {"7.7.13",                       4999,  4999},
    {"7.7, registered since (1012)", 1012,  1012},
    {"7.7, registered since (1013)", 1013,  1013},
    {"7.7, registered since (1014)", 1014,  1014},
    {"7.9.1",                        0,     1002},
    {"7.9.2",                        999,   1002},
    {"7.9.3",                        1004,  1002},
    {"7.9.4",                        1005,  1002},
    {"7.9.5",                        1006,  1002},
    {"7.9.6",                        1016,  1002},
    {"7.9.7",                        1100,  1002},
    {"7.9.8",                        2000,  1002},
    {"7.9.9",                        2999,  1002},
    {"7.9, never sent (1015)",       1015,  1002},
    {"7.13.1",                       5000,  1002},
    {"7.13.2",                       65535, 1002},
};
const size_t close_case_count = COUNT_OF(close_cases);
