package server

import "strings"

// catalogue tells what each code of a problem means, in the order in which a client
// meets them.
var catalogue = []struct{ code, meaning string }{
	{"sign_in", "a route for users was asked for without a token"},
	{"invalid_token", "the token, key or ticket is not valid, or not any more"},
	{"wrong_credentials", "address or password is wrong; which of them is not told"},
	{"too_many_logins", "too many wrong passwords for this account"},
	{"too_many_sign_ins", "the server hashes as many passwords as it can; try again"},
	{"email_taken", "the address has an account"},
	{"invalid_email", "this is no address"},
	{"password_too_short", "a password has 8 characters at least"},
	{"password_too_long", "a password has 1,024 bytes at most"},
	{"registered_already", "the user has an account already"},
	{"missing_permission", "the plan does not include this"},
	{"missing_scope", "the API key was made without the scope this needs"},
	{"no_api_key", "this is for somebody signed in, not for API keys"},
	{"guest", "this is for accounts, not for guests"},
	{"admin_only", "this is for operators"},
	{"cross_origin", "the request came from a page of an origin that is not allowed"},
	{"rate_limited", "the limit of a class is reached; Retry-After says when to go on"},
	{"blocked", "an operator has blocked the caller"},
	{"too_many_keys", "the user has as many API keys as there may be"},
	{"too_many_tickets", "too many tickets are open; wait a minute"},
	{"too_many_sockets", "the user has as many sockets open as there may be"},
	{"not_found", "there is nothing at this address, or nothing the caller may see"},
	{"method_not_allowed", "the address takes other methods, see Allow"},
	{"upgrade_required", "the address is a WebSocket"},
	{"unsupported_media_type", "the body must be JSON"},
	{"unsupported_encoding", "the body is compressed, which is not understood here"},
	{"missing_body", "the request needs a body"},
	{"unreadable_body", "the body ended too early or could not be read"},
	{"body_timeout", "the body did not come in time"},
	{"malformed_json", "the body is not JSON, or something stands after it"},
	{"malformed_query", "the query of the address cannot be read"},
	{"invalid_utf8", "the body, a text in it or a parameter is not UTF-8"},
	{"wrong_type", "a member has the wrong type"},
	{"unknown_field", "a member or parameter that means nothing here"},
	{"duplicate_field", "a member or parameter is given twice"},
	{"missing_field", "a member that must be there is not"},
	{"conflicting_field", "two members exclude each other"},
	{"invalid_value", "a member has the right type, but not a value that is allowed"},
	{"out_of_range", "a number, or a date, beyond what can be answered"},
	{"too_deep", "objects or lists within too many others"},
	{"too_long", "a text or a list over its limit"},
	{"too_large", "the body, or what would be stored, over its limit"},
	{"invalid_date", "no date, or none of the calendar"},
	{"invalid_time", "no time of day"},
	{"nonexistent_time", "the clocks were put forward over this time; the message names the two moments it may mean"},
	{"unknown_zone", "no zone of the tz database"},
	{"invalid", "the request cannot be right, for a reason without a code of its own"},
	{"unauthorized", "nobody is signed in, or not with this"},
	{"forbidden", "the caller may not"},
	{"idempotency_key_reused", "the Idempotency-Key was used for a request with another body"},
	{"in_progress", "the first request with this Idempotency-Key is still under way; try again soon"},
	{"conflict", "it clashes with what is there now"},
	{"limited", "over a rate; Retry-After says when to go on"},
	{"overloaded", "too much at once; try again soon"},
	{"unavailable", "something the server needs is down; try again later"},
	{"stopping", "the server is shutting down; another one, or this one soon, will answer"},
	{"store_unavailable", "the store takes nothing now"},
	{"database_unavailable", "the database can do nothing now"},
	{"database_busy", "the database is busy; try again"},
	{"database_read_only", "the disk of the database cannot be written"},
	{"database_corrupt", "the database's file is damaged; an operator must restore a backup"},
	{"disk_full", "the disk of the database is full"},
	{"identity_taken", "this way to sign in belongs to another account"},
	{"id_taken", "something else has this id already"},
	{"unknown_outcome", "it is not known whether the change became durable: look, then try again"},
	{"timeout", "something the server needs did not answer in time; try again"},
	{"moved", "what was asked for is moving to another machine; try again"},
	{"broken", "what was asked for is being rebuilt; try again"},
	{"cancelled", "the caller stopped waiting"},
	{"object_too_large", "what is stored would be over its limit"},
	{"object_damaged", "what is stored cannot be read"},
	{"internal", "a fault of the server; quote requestId"},
}

// apiDescription is the head of the API's document.
func apiDescription() string {
	var b strings.Builder
	b.WriteString(`Zi Wei Dou Shu and western charts: computed, cached and kept.

Become a guest, or sign in, then send the token with each request. Bodies are JSON and are read strictly: a member nobody knows is refused by name. Births travel in bodies alone, never in an address.

Errors are problem documents (RFC 9457, application/problem+json) with a ` + "`code`" + ` for programs, and ` + "`field`, `retryAfter` and `planType`" + ` where they apply. Each route counts in one class of limits; answers carry RateLimit-Policy and RateLimit, and a refusal carries Retry-After.

## Codes

| code | meaning |
|---|---|
`)
	for _, c := range catalogue {
		b.WriteString("| `" + c.code + "` | " + c.meaning + " |\n")
	}
	return b.String()
}
