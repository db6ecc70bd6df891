#include "CMongo.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool failed(char *reason, size_t size) {
    const char *words = dlerror();
    snprintf(reason, size, "%s", words ? words : "no reason given");
    return false;
}

static bool find(void *library, const char *name, void *function, char *reason, size_t size) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL) return failed(reason, size);
    // POSIX lets a function's address stand in a void *; ISO C has no cast for it.
    memcpy(function, &symbol, sizeof symbol);
    return true;
}

#define FIND(library, prefix, name) find(library, prefix #name, &functions->name, reason, size)

bool backup_mongo_load(backup_mongo_functions *functions, char *reason, size_t size) {
    // Counters in ordinary memory, not in /dev/shm, where a killed process would leave them: the library looks when it is loaded.
    //
    // Not in a constructor: setenv(3) moves the environment away from the arguments, and Swift's runtime, linked statically, looks
    // for them beside it. Other threads may read the environment meanwhile: glibc leaves the old array as it is, and nobody
    // else of this process changes it.
    setenv("MONGOC_DISABLE_SHM", "1", 1);
    void *bson = dlopen("libbson-1.0.so.0", RTLD_NOW | RTLD_LOCAL);
    if (bson == NULL) return failed(reason, size);
    void *mongoc = dlopen("libmongoc-1.0.so.0", RTLD_NOW | RTLD_LOCAL);
    if (mongoc == NULL) return failed(reason, size);
    return FIND(mongoc, "mongoc_", init) && FIND(mongoc, "mongoc_", log_set_handler) && FIND(mongoc, "mongoc_", uri_new) &&
           FIND(mongoc, "mongoc_", uri_destroy) && FIND(mongoc, "mongoc_", uri_set_option_as_int32) &&
           FIND(mongoc, "mongoc_", uri_set_option_as_utf8) && FIND(mongoc, "mongoc_", uri_get_database) &&
           FIND(mongoc, "mongoc_", uri_get_password) && FIND(mongoc, "mongoc_", uri_get_hosts) &&
           FIND(mongoc, "mongoc_", client_new_from_uri) && FIND(mongoc, "mongoc_", client_set_error_api) &&
           FIND(mongoc, "mongoc_", client_command_simple) && FIND(mongoc, "mongoc_", client_destroy) &&
           FIND(bson, "", bson_new_from_json) && FIND(bson, "", bson_as_relaxed_extended_json) &&
           FIND(bson, "", bson_destroy) && FIND(bson, "", bson_free);
}
