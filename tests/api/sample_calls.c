#include "sample_calls.h"

#include "../fuzz/calls.h"
#include "app/app.h"
#include "base/json.h"
#include "base/text.h"
#include "data/event.h"
#include "support/keys.h"

#include <string.h>

#include "support/cmocka_all.h"

/* clang-format off */
const struct sample_call sample_calls[] = {
    {ELSEWHERE_OWN,
     "ivs:CreateRecordingConfiguration {\"name\":\"once\","
     "\"recordingReconnectWindowSeconds\":60,\"destinationConfiguration\":{\"s3\":"
     "{\"bucketName\":\"recordings\"}}}"},
    {ELSEWHERE_OWN, "control:AdvanceClock {\"seconds\":60}"},
    {ELSEWHERE_OWN,
     "ivs:CreatePlaybackRestrictionPolicy {\"name\":\"once\",\"allowedCountries\":"
     "[\"DE\"],\"allowedOrigins\":[]}"},
    {ELSEWHERE_OWN,
     "ivs:ImportPlaybackKeyPair {\"name\":\"once\",\"publicKeyMaterial\":<pem 0>}"},
    {ELSEWHERE_OWN,
     "ivs:CreateAdConfiguration {\"name\":\"once\","
     "\"mediaTailorPlaybackConfigurations\":[{\"playbackConfigurationArn\":"
     "\"arn:aws:mediatailor:<region 0>:<account 0>:playbackConfiguration/a\"}]}"},
    {ELSEWHERE_OWN, "ivs:CreateFailoverSlateConfiguration {\"name\":\"once\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:GetFailoverSlateConfiguration {\"arn\":\"<failover-slate-configuration 0>\"}"},
    {ELSEWHERE_OWN, "ivs:ListFailoverSlateConfigurations {}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:UpdateFailoverSlateConfiguration {\"arn\":"
     "\"<failover-slate-configuration 0>\",\"name\":\"twice\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:CreateChannel {\"name\":\"slate\",\"failoverSlateConfigurationArn\":"
     "\"<failover-slate-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:DeleteChannel {\"arn\":\"<channel 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:DeleteFailoverSlateConfiguration {\"arn\":"
     "\"<failover-slate-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:CreateChannel {\"name\":\"ads\",\"adConfigurationArn\":"
     "\"<ad-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:CreateChannel {\"name\":\"private\",\"playbackRestrictionPolicyArn\":"
     "\"<playback-restriction-policy 0>\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:DeleteChannel {\"arn\":\"<channel 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:CreateChannel {\"name\":\"once\",\"recordingConfigurationArn\":"
     "\"<recording-configuration 0>\",\"playbackRestrictionPolicyArn\":"
     "\"<playback-restriction-policy 0>\",\"authorized\":true}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:UpdateChannel {\"arn\":\"<channel 0>\",\"adConfigurationArn\":"
     "\"<ad-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:GetChannel {\"arn\":\"<channel 0>\"}"},
    {ELSEWHERE_ERRORS, "ivs:BatchGetChannel {\"arns\":[\"<channel 0>\"]}"},
    {ELSEWHERE_OWN, "ivs:ListChannels {}"},
    {ELSEWHERE_OWN, "ivs:ListChannels {\"filterByName\":\"once\"}"},
    {ELSEWHERE_OWN,
     "ivs:ListChannels {\"filterByRecordingConfigurationArn\":"
     "\"<recording-configuration 0>\"}"},
    {ELSEWHERE_OWN,
     "ivs:ListChannels {\"filterByPlaybackRestrictionPolicyArn\":"
     "\"<playback-restriction-policy 0>\"}"},
    {ELSEWHERE_OWN,
     "ivs:ListChannels {\"filterByAdConfigurationArn\":\"<ad-configuration 0>\"}"},
    {ELSEWHERE_OWN,
     "ivs:ListChannels {\"filterByFailoverSlateConfigurationArn\":"
     "\"<failover-slate-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:GetRecordingConfiguration {\"arn\":\"<recording-configuration 0>\"}"},
    {ELSEWHERE_OWN, "ivs:ListRecordingConfigurations {}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:GetPlaybackRestrictionPolicy {\"arn\":\"<playback-restriction-policy 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:UpdatePlaybackRestrictionPolicy {\"arn\":\"<playback-restriction-policy 0>\","
     "\"name\":\"twice\"}"},
    {ELSEWHERE_OWN, "ivs:ListPlaybackRestrictionPolicies {}"},
    {ELSEWHERE_NOT_FOUND, "ivs:GetPlaybackKeyPair {\"arn\":\"<playback-key 0>\"}"},
    {ELSEWHERE_OWN, "ivs:ListPlaybackKeyPairs {}"},
    {ELSEWHERE_NOT_FOUND, "ivs:GetAdConfiguration {\"arn\":\"<ad-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:UpdateAdConfiguration {\"arn\":\"<ad-configuration 0>\",\"name\":\"twice\"}"},
    {ELSEWHERE_OWN, "ivs:ListAdConfigurations {}"},
    {ELSEWHERE_NOT_FOUND, "ivs:GetStreamKey {\"arn\":\"<stream-key 0>\"}"},
    {ELSEWHERE_ERRORS, "ivs:BatchGetStreamKey {\"arns\":[\"<stream-key 0>\"]}"},
    {ELSEWHERE_NOT_FOUND, "ivs:ListStreamKeys {\"channelArn\":\"<channel 0>\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:TagResource <channel 0>\n{\"tags\":{\"team\":\"blue\"}}"},
    {ELSEWHERE_NOT_FOUND, "ivs:ListTagsForResource <channel 0>\n"},
    {ELSEWHERE_NOT_FOUND, "ivs:UntagResource <channel 0>?tagKeys=team\n"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:StartViewerSessionRevocation {\"channelArn\":\"<channel 0>\",\"viewerId\":"
     "\"a\"}"},
    {ELSEWHERE_ERRORS,
     "ivs:BatchStartViewerSessionRevocation {\"viewerSessions\":[{\"channelArn\":"
     "\"<channel 0>\",\"viewerId\":\"a\"}]}"},
    {ELSEWHERE_SAME, "control:StartStream {\"channelArn\":\"<channel 0>\"}"},
    {ELSEWHERE_SAME,
     "control:UpdateStream {\"channelArn\":\"<channel 0>\",\"health\":\"STARVING\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:GetStream {\"channelArn\":\"<channel 0>\"}"},
    {ELSEWHERE_OWN, "ivs:ListStreams {}"},
    {ELSEWHERE_OWN, "ivs:ListStreams {\"filterBy\":{\"health\":\"STARVING\"}}"},
    {ELSEWHERE_NOT_FOUND, "ivs:GetStreamSession {\"channelArn\":\"<channel 0>\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:ListStreamSessions {\"channelArn\":\"<channel 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:PutMetadata {\"channelArn\":\"<channel 0>\",\"metadata\":\"a\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:InsertAdBreak {\"channelArn\":\"<channel 0>\",\"durationSeconds\":30}"},
    {ELSEWHERE_NOT_FOUND, "ivs:StopStream {\"channelArn\":\"<channel 0>\"}"},
    {ELSEWHERE_SAME, "control:StartStream {\"streamKey\":\"<value 0>\"}"},
    {ELSEWHERE_SAME, "control:EndStream {\"channelArn\":\"<channel 0>\"}"},
    {ELSEWHERE_OWN, "control:AdvanceClock {\"seconds\":4000}"},
    {ELSEWHERE_OWN, "control:ListEvents {}"},
    {ELSEWHERE_MISSING,
     "control:WaitForEvents {\"events\":[{\"eventName\":\"Stream End\"}],"
     "\"timeoutSeconds\":0}"},
    {ELSEWHERE_OWN, "control:ListDeliveries {\"maxResults\":1}"},
    {ELSEWHERE_NOT_FOUND, "control:ResendEvent {\"eventId\":\"<eventId 0>\"}"},
    {ELSEWHERE_SAME, "control:Health "},
    {ELSEWHERE_SAME, "control:Metrics "},
    {ELSEWHERE_OWN, "control:Watch "},
    {ELSEWHERE_OWN,
     "control:Seed {\"calls\":[{\"operation\":\"ListChannels\",\"input\":{}}]}"},
    {ELSEWHERE_SAME, "control:ListScopes {\"account\":\"000000000000\",\"region\":\"us-east-1\"}"},
    {ELSEWHERE_SAME, "control:SaveSnapshot {\"name\":\"once\"}"},
    {ELSEWHERE_SAME, "control:ListSnapshots {}"},
    {ELSEWHERE_SAME, "control:RestoreSnapshot {\"name\":\"once\"}"},
    {ELSEWHERE_SAME, "control:DeleteSnapshot {\"name\":\"once\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:DeleteStreamKey {\"arn\":\"<stream-key 0>\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:CreateStreamKey {\"channelArn\":\"<channel 0>\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:DeleteChannel {\"arn\":\"<channel 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:DeleteRecordingConfiguration {\"arn\":\"<recording-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivs:DeletePlaybackRestrictionPolicy {\"arn\":\"<playback-restriction-policy 0>\"}"},
    {ELSEWHERE_NOT_FOUND, "ivs:DeletePlaybackKeyPair {\"arn\":\"<playback-key 0>\"}"},
    {ELSEWHERE_OWN,
     "ivs:CreateAdConfiguration {\"name\":\"free\","
     "\"mediaTailorPlaybackConfigurations\":[{\"playbackConfigurationArn\":"
     "\"arn:aws:mediatailor:<region 0>:<account 0>:playbackConfiguration/a\"}]}"},
    {ELSEWHERE_NOT_FOUND, "ivs:DeleteAdConfiguration {\"arn\":\"<ad-configuration 0>\"}"},
    {ELSEWHERE_OWN,
     "ivschat:CreateLoggingConfiguration {\"name\":\"once\","
     "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"messages\"}}}"},
    {ELSEWHERE_OWN, "control:AdvanceClock {\"seconds\":60}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:CreateRoom {\"name\":\"once\",\"loggingConfigurationIdentifiers\":"
     "[\"<logging-configuration 0>\"],\"messageReviewHandler\":{\"uri\":"
     "\"arn:aws:lambda:<region 0>:<account 0>:function:review\"}}"},
    {ELSEWHERE_NOT_FOUND, "ivschat:GetRoom {\"identifier\":\"<room 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:UpdateRoom {\"identifier\":\"<room 0>\",\"maximumMessageLength\":140}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:CreateChatToken {\"roomIdentifier\":\"<room 0>\",\"userId\":\"ann\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:SendEvent {\"roomIdentifier\":\"<room 0>\",\"eventName\":\"news\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:DeleteMessage {\"roomIdentifier\":\"<room 0>\",\"id\":\"abcdABCDefgh\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:DisconnectUser {\"roomIdentifier\":\"<room 0>\",\"userId\":\"ann\"}"},
    {ELSEWHERE_SAME, "control:ListMessages {\"roomIdentifier\":\"<room 0>\"}"},
    {ELSEWHERE_SAME, "control:ListConnections {\"roomIdentifier\":\"<room 0>\"}"},
    {ELSEWHERE_OWN, "ivschat:ListRooms {}"},
    {ELSEWHERE_OWN, "ivschat:ListRooms {\"name\":\"once\"}"},
    {ELSEWHERE_OWN,
     "ivschat:ListRooms {\"messageReviewHandlerUri\":"
     "\"arn:aws:lambda:<region 0>:<account 0>:function:review\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:ListRooms {\"loggingConfigurationIdentifier\":"
     "\"<logging-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:GetLoggingConfiguration {\"identifier\":\"<logging-configuration 0>\"}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:UpdateLoggingConfiguration {\"identifier\":"
     "\"<logging-configuration 0>\",\"name\":\"twice\"}"},
    {ELSEWHERE_OWN, "ivschat:ListLoggingConfigurations {}"},
    {ELSEWHERE_NOT_FOUND, "ivschat:TagResource <room 0>\n{\"tags\":{\"team\":\"blue\"}}"},
    {ELSEWHERE_NOT_FOUND, "ivschat:ListTagsForResource <room 0>\n"},
    {ELSEWHERE_NOT_FOUND, "ivschat:UntagResource <room 0>?tagKeys=team\n"},
    {ELSEWHERE_NOT_FOUND, "ivschat:DeleteRoom {\"identifier\":\"<room 0>\"}"},
    {ELSEWHERE_OWN, "control:AdvanceClock {\"seconds\":60}"},
    {ELSEWHERE_NOT_FOUND,
     "ivschat:DeleteLoggingConfiguration {\"identifier\":"
     "\"<logging-configuration 0>\"}"},
    {ELSEWHERE_OWN, "control:ResetClock {}"},
    {ELSEWHERE_OWN, "control:Reset {}"},
};
/* clang-format on */

const size_t sample_calls_count = COUNT_OF(sample_calls);

void sample_give(struct samples *samples, const char *kind, const char *text)
{
    assert_true(samples->seen.count < SEEN_MAX);
    samples->seen.values[samples->seen.count].kind = kind;
    samples->seen.values[samples->seen.count].text = text;
    samples->seen.count++;
}

/* A target of events, so that there are deliveries. Nothing is sent. */
static void open_target(struct samples *samples)
{
    struct txn *txn = txn_begin(samples->emu->store, samples->arena, TXN_WRITE);
    struct event_progress progress;

    assert_int_equal(event_target_open(txn, "http://127.0.0.1:9/", &progress), DB_DONE);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

void samples_init(struct samples *samples, struct emulator *emu)
{
    cJSON *pem AUTO(json_done) = cJSON_CreateString(KEY_A);

    *samples = (struct samples){.emu = emu, .arena = arena_new()};
    sample_give(samples, "account", emu->settings.default_scope.account);
    sample_give(samples, "region", emu->settings.default_scope.region);
    sample_give(samples, "pem", json_text(samples->arena, pem));
    open_target(samples);
}

void samples_done(struct samples *samples)
{
    arena_free(samples->arena);
}

/* Parses one call. Another word stands for an operation in an input of the fuzz target,
 * but here it is a mistake: a call that is printed again must be the same. */
static struct fuzz_call read_sample(struct arena *arena, const char *text)
{
    struct fuzz_call call[MAX_CALLS];
    struct buf printed AUTO(buf_done);

    buf_init(&printed, INPUT_MAX_BYTES);
    assert_int_equal(calls_read(arena, (const uint8_t *)text, strlen(text), call), 1);
    calls_print(call, 1, &printed);
    if (strcmp(printed.bytes, text) != 0)
        fail_msg("%s is not the sample of an operation", text);
    return call[0];
}

static const char *fill_text(struct samples *samples, const char *text)
{
    size_t length;

    return seen_fill(&samples->seen, samples->arena, text, strlen(text), &length);
}

struct sample_request sample_fill(struct samples *samples, const char *text)
{
    struct fuzz_call call = read_sample(samples->arena, text);
    const char *uri = call.op->uri;

    if (call.label != NULL)
        uri = arena_printf(samples->arena, "%.*s%s", (int)strcspn(uri, "{"), uri,
                           fill_text(samples, call.label));
    return (struct sample_request){
        .op = call.op,
        .target = uri,
        .body = fill_text(samples,
                          arena_strndup(samples->arena, call.body, call.body_length)),
    };
}

/* What the ARNs of a scope have in common. */
static const char *middle_of_arns(struct arena *arena, struct scope scope)
{
    return arena_printf(arena, ":%s:%s:", scope.region, scope.account);
}

static const char *replace_all(struct arena *arena, const char *text, const char *from,
                               const char *to)
{
    const char *done = "";

    for (const char *found; (found = strstr(text, from)) != NULL;) {
        done = arena_printf(arena, "%s%.*s%s", done, (int)(found - text), text, to);
        text = found + strlen(from);
    }
    return arena_printf(arena, "%s%s", done, text);
}

struct sample_request sample_move(struct samples *samples,
                                  const struct sample_request *request, struct scope from,
                                  struct scope to)
{
    const char *old = middle_of_arns(samples->arena, from);
    const char *new = middle_of_arns(samples->arena, to);

    return (struct sample_request){
        .op = request->op,
        .target = replace_all(samples->arena, request->target, old, new),
        .body = replace_all(samples->arena, request->body, old, new),
    };
}

struct reply sample_send(struct samples *samples, struct scope scope,
                         const struct sample_request *request)
{
    return emulator_request(samples->emu, scope, request->op->method, request->target,
                            request->body, strlen(request->body));
}

void sample_see(struct samples *samples, const struct operation *op, struct reply reply)
{
    /* Only this list has ids that no other response has. */
    if (op->access == READ && strcmp(op->name, "ListDeliveries") != 0)
        return;
    seen_answer(&samples->seen, samples->arena, reply.body);
    assert_true(samples->seen.count < SEEN_MAX);
}

struct reply sample_make(struct samples *samples, const char *text)
{
    struct sample_request request = sample_fill(samples, text);
    struct reply reply =
        sample_send(samples, samples->emu->settings.default_scope, &request);

    if (reply.error != NULL)
        fail_msg("%s: %s (%s)", text, reply.error, reply.message);
    sample_see(samples, request.op, reply);
    return reply;
}

static bool has_sample(const struct service *service, const struct operation *op)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *start = arena_printf(arena, "%s:%s ", service->name, op->name);

    for (size_t i = 0; i < sample_calls_count; i++) {
        if (text_starts_with(sample_calls[i].text, start))
            return true;
    }
    return false;
}

/* An operation that is not implemented does nothing that a sample could show. */
static bool needs_sample(const struct service *service, const struct operation *op)
{
    return op->handle != NULL && (service->emulated || op->access != NO_STORE);
}

void assert_samples_are_complete(void)
{
    size_t missing = 0;

    for (size_t s = 0; app_services[s] != NULL; s++) {
        for (size_t i = 0; i < app_services[s]->count; i++) {
            const struct operation *op = &app_services[s]->operations[i];
            if (!needs_sample(app_services[s], op) || has_sample(app_services[s], op))
                continue;
            print_error("%s:%s has no sample call\n", app_services[s]->name, op->name);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}
