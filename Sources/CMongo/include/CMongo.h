// libmongoc 1.x, loaded when MongoDB is first used: what links it runs its constructor, which makes a file in /dev/shm in
// every process, finds those of killed ones, and speaks of it on stderr.
//
// Declared here and not included, so that a build needs none of its headers: the interface of 1.x is frozen under the
// sonames libmongoc-1.0.so.0 and libbson-1.0.so.0.
#ifndef CMONGO_H
#define CMONGO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

typedef struct backup_mongo_uri backup_mongo_uri;
typedef struct backup_mongo_client backup_mongo_client;
typedef struct backup_bson backup_bson;

// bson_t: 128 bytes aligned to 128, which a call that answers makes a document of.
enum { BACKUP_BSON_SIZE = 128 };

// bson_error_t
typedef struct {
    uint32_t domain;
    uint32_t code;
    char message[504];
} backup_mongo_error;

// mongoc_error_domain_t, and codes of it.
enum {
    BACKUP_MONGO_CLIENT = 1,
    BACKUP_MONGO_STREAM = 2,
    BACKUP_MONGO_SERVER_SELECTION = 15,
    BACKUP_MONGO_CLIENT_AUTHENTICATE = 11,
};

// The beginning of mongoc_host_list_t.
typedef struct backup_mongo_host {
    const struct backup_mongo_host *_Nullable next;
    char host[256];
} backup_mongo_host;

// Each is the function mongoc_NAME, or bson_… where it says so.
typedef struct __attribute__((swift_attr("@Sendable"))) {
    void (*_Nonnull init)(void);
    void (*_Nonnull log_set_handler)(void *_Nullable handler, void *_Nullable context);
    backup_mongo_uri *_Nullable (*_Nonnull uri_new)(const char *text);
    void (*_Nonnull uri_destroy)(backup_mongo_uri *uri);
    bool (*_Nonnull uri_set_option_as_int32)(backup_mongo_uri *uri, const char *option, int32_t value);
    bool (*_Nonnull uri_set_option_as_utf8)(backup_mongo_uri *uri, const char *option, const char *value);
    const char *_Nullable (*_Nonnull uri_get_database)(const backup_mongo_uri *uri);
    const char *_Nullable (*_Nonnull uri_get_password)(const backup_mongo_uri *uri);
    const backup_mongo_host *_Nullable (*_Nonnull uri_get_hosts)(const backup_mongo_uri *uri);
    backup_mongo_client *_Nullable (*_Nonnull client_new_from_uri)(const backup_mongo_uri *uri);
    bool (*_Nonnull client_set_error_api)(backup_mongo_client *client, int32_t version);
    bool (*_Nonnull client_command_simple)(
        backup_mongo_client *client, const char *database, const backup_bson *command, const void *_Nullable preferences,
        backup_bson *reply, backup_mongo_error *error);
    void (*_Nonnull client_destroy)(backup_mongo_client *client);
    backup_bson *_Nullable (*_Nonnull bson_new_from_json)(const char *json, ssize_t length, backup_mongo_error *error);
    char *_Nullable (*_Nonnull bson_as_relaxed_extended_json)(const backup_bson *document, size_t *_Nullable length);
    void (*_Nonnull bson_destroy)(backup_bson *document);
    void (*_Nonnull bson_free)(void *_Nullable memory);
} backup_mongo_functions;

/// Loads both libraries and finds the functions (dlopen(3), RTLD_LOCAL). They stay until the process ends.
/// Returns false when a library or a function is missing, and the loader's words in `reason`, cut and ended by a zero byte.
/// For one thread, once.
bool backup_mongo_load(backup_mongo_functions *functions, char *reason, size_t size);

#pragma clang assume_nonnull end

#endif
