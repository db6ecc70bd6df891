#pragma once
#include <curl/curl.h>

// curl_easy_setopt(3) and curl_easy_getinfo(3) have variable arguments, which Swift can't call.
CURLcode backup_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode backup_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode backup_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode backup_curl_set_read(CURL *handle, curl_read_callback function, void *context);
long backup_curl_response_code(CURL *handle);
