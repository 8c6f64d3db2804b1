/* libcurl, loaded when the first message is to leave over a network. It comes with thirty more libraries; to load them takes
 * longer than all else that a tick with nothing due does, and most commands never speak to a server. The room calls libcurl's
 * functions by their own names, as its manual has them, and the compiler checks the options as it always does; what is here
 * only passes the calls on. Whoever needs one more of them is told by the linker, and adds it. Must not know what is sent.
 * Serves the whole room. */
#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>

#include <curl/curl.h>

#include "curl.h"

/* The name of its binary interface, unchanged since 2006. */
static const char library[] = "libcurl.so.4";

#define FUNCTIONS(X)                                                                               \
    X(curl_easy_cleanup)                                                                           \
    X(curl_easy_escape)                                                                            \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_init)                                                                              \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_strerror)                                                                          \
    X(curl_free)                                                                                   \
    X(curl_global_cleanup)                                                                         \
    X(curl_global_init)                                                                            \
    X(curl_multi_add_handle)                                                                       \
    X(curl_multi_cleanup)                                                                          \
    X(curl_multi_info_read)                                                                        \
    X(curl_multi_init)                                                                             \
    X(curl_multi_perform)                                                                          \
    X(curl_multi_poll)                                                                             \
    X(curl_multi_remove_handle)                                                                    \
    X(curl_multi_strerror)                                                                         \
    X(curl_slist_append)                                                                           \
    X(curl_slist_free_all)                                                                         \
    X(curl_url)                                                                                    \
    X(curl_url_cleanup)                                                                            \
    X(curl_url_get)                                                                                \
    X(curl_url_set)

/* All of them, or none: filled in once, before the first call. */
static struct {
#define POINTER(name) __typeof__(name) *name;
    FUNCTIONS(POINTER)
#undef POINTER
} real;

enum rc curl_load(struct err *err)
{
    static const struct {
        const char *name;
        void *pointer;
    } functions[] = {
#define ROW(name) {#name, &real.name},
        FUNCTIONS(ROW)
#undef ROW
    };
    void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (loaded == NULL)
        return err_set(err, RC_CONFIG, "nothing can be sent over the network: %s (on Debian: apt install libcurl4)", dlerror());
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        void *found = dlsym(loaded, functions[i].name);
        if (found == NULL)
            return err_set(err, RC_CONFIG, "nothing can be sent over the network: %s has no %s; it is older than what pps was built with",
                           library, functions[i].name);
        memcpy(functions[i].pointer, &found, sizeof found); /* C has no other way from an object's address to a function's */
    }
    return RC_OK;
}

/* ---- what the room calls ---- */

CURLcode curl_global_init(long flags)
{
    return real.curl_global_init(flags);
}

void curl_global_cleanup(void)
{
    real.curl_global_cleanup();
}

void curl_free(void *p)
{
    real.curl_free(p);
}

CURL *curl_easy_init(void)
{
    return real.curl_easy_init();
}

void curl_easy_cleanup(CURL *easy)
{
    real.curl_easy_cleanup(easy);
}

/* The option's number tells the type of its value, as in libcurl itself (curl/curl.h, CURLOPTTYPE_...). */
CURLcode(curl_easy_setopt)(CURL *easy, CURLoption option, ...)
{
    CURLcode code;
    va_list ap;
    va_start(ap, option);
    switch ((int)option / 10000 * 10000) {
    case CURLOPTTYPE_LONG:
        code = (real.curl_easy_setopt)(easy, option, va_arg(ap, long));
        break;
    case CURLOPTTYPE_FUNCTIONPOINT:
        code = (real.curl_easy_setopt)(easy, option, va_arg(ap, void (*)(void)));
        break;
    case CURLOPTTYPE_OFF_T:
        code = (real.curl_easy_setopt)(easy, option, va_arg(ap, curl_off_t));
        break;
    default:
        code = (real.curl_easy_setopt)(easy, option, va_arg(ap, void *));
        break;
    }
    va_end(ap);
    return code;
}

/* Whatever is asked for, the answer goes where a pointer points. */
CURLcode(curl_easy_getinfo)(CURL *easy, CURLINFO info, ...)
{
    va_list ap;
    va_start(ap, info);
    CURLcode code = (real.curl_easy_getinfo)(easy, info, va_arg(ap, void *));
    va_end(ap);
    return code;
}

char *curl_easy_escape(CURL *easy, const char *text, int length)
{
    return real.curl_easy_escape(easy, text, length);
}

const char *curl_easy_strerror(CURLcode code)
{
    return real.curl_easy_strerror(code);
}

CURLM *curl_multi_init(void)
{
    return real.curl_multi_init();
}

CURLMcode curl_multi_cleanup(CURLM *multi)
{
    return real.curl_multi_cleanup(multi);
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy)
{
    return real.curl_multi_add_handle(multi, easy);
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy)
{
    return real.curl_multi_remove_handle(multi, easy);
}

CURLMcode curl_multi_perform(CURLM *multi, int *running)
{
    return real.curl_multi_perform(multi, running);
}

CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd fds[], unsigned n, int timeout_ms, int *ret_n)
{
    return real.curl_multi_poll(multi, fds, n, timeout_ms, ret_n);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
    return real.curl_multi_info_read(multi, left);
}

const char *curl_multi_strerror(CURLMcode code)
{
    return real.curl_multi_strerror(code);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text)
{
    return real.curl_slist_append(list, text);
}

void curl_slist_free_all(struct curl_slist *list)
{
    real.curl_slist_free_all(list);
}

CURLU *curl_url(void)
{
    return real.curl_url();
}

void curl_url_cleanup(CURLU *url)
{
    real.curl_url_cleanup(url);
}

/* Newer headers say that it leaves the URL as it is, older ones do not. */
typedef __typeof__(_Generic(&curl_url_get,
                            CURLUcode(*)(const CURLU *, CURLUPart, char **, unsigned): (const CURLU *)0,
                            default: (CURLU *)0)) url_to_read;

CURLUcode curl_url_get(url_to_read url, CURLUPart part, char **ret, unsigned flags)
{
    return real.curl_url_get(url, part, ret, flags);
}

CURLUcode curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags)
{
    return real.curl_url_set(url, part, text, flags);
}
