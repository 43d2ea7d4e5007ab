#include "api/errors.h"

/* Fidelity: errors-1 */
const struct error_kind ERR_VALIDATION = {"ValidationException", 400};
const struct error_kind ERR_NOT_FOUND = {"ResourceNotFoundException", 404};
const struct error_kind ERR_CHANNEL_NOT_BROADCASTING = {"ChannelNotBroadcasting", 404};
const struct error_kind ERR_CONFLICT = {"ConflictException", 409};
const struct error_kind ERR_QUOTA = {"ServiceQuotaExceededException", 402};
const struct error_kind ERR_INTERNAL = {"InternalServerException", 500};

const struct error_kind ERR_SERIALIZATION = {"SerializationException", 400};
const struct error_kind ERR_UNKNOWN_OPERATION = {"UnknownOperationException", 404};
const struct error_kind ERR_MISSING_AUTHENTICATION_TOKEN = {
    "MissingAuthenticationTokenException", 403};
const struct error_kind ERR_INCOMPLETE_SIGNATURE = {"IncompleteSignatureException", 403};
const struct error_kind ERR_UNRECOGNIZED_CLIENT = {"UnrecognizedClientException", 403};
const struct error_kind ERR_EXPIRED_TOKEN = {"ExpiredTokenException", 403};
const struct error_kind ERR_INVALID_SIGNATURE = {"InvalidSignatureException", 403};
const struct error_kind ERR_BAD_REQUEST = {"BadRequestException", 400};
const struct error_kind ERR_TOO_LARGE = {"RequestTooLargeException", 413};

const struct error_kind ERR_NOT_IMPLEMENTED = {"NotImplementedException", 501};
const struct error_kind ERR_ORIGIN_REFUSED = {"OriginRefusedException", 403};
