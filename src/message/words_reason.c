/* Why something waits or did not go, in the language of who reads the list of the morning. The program says it in English,
 * beside a cause; what colleagues and servers said stays as they said it. Serves context_digest.c. */
#include <stdlib.h>

#include <pps/str.h>

#include "words.h"

static const struct reason_words {
    enum cause cause;
    const char *begins; /* of CAUSE_NONE: by what the program's own words are known */
    bool goes_on; /* the words of the program stand behind: a place in a file, what a server said */
    const char *ru, *bg;
} all_reasons[] = {
    {CAUSE_NOT_TICKED, NULL, false, "не позвонили вовремя", "не е звъннато навреме"},
    {CAUSE_EXPIRED, NULL, false, "время прошло", "времето мина"},
    {CAUSE_RETRY, NULL, true, "не получилось, попробуем ещё раз", "не стана, ще опитаме пак"},
    {CAUSE_TEMPLATE, NULL, true, "ошибка в тексте", "грешка в текста"},
    {CAUSE_NO_VERDICT, NULL, false, "сервер не ответил", "сървърът не отговори"},
    {CAUSE_NO_ANSWER, NULL, false, "не взяли трубку", "не вдигнаха"},
    {CAUSE_WRONG_NUMBER, NULL, false, "номер не их", "номерът не е техен"},
    {CAUSE_CROWDED, NULL, false, "ждёт другого дня: в этот уже писали",
     "чака друг ден: в този вече писахме"},
    {CAUSE_NO_CONSENT, NULL, false, "клиент не хочет таких сообщений",
     "клиентът не иска такива съобщения"},
    {CAUSE_COMPLAINT, NULL, false, "ждёт, пока не закроем жалобу",
     "чака, докато приключим оплакването"},
    {CAUSE_PAUSED, NULL, false, "клиента пока не беспокоим", "засега не безпокоим клиента"},
    {CAUSE_APPROVAL, NULL, false, "pps approve", "pps approve"},
    {CAUSE_RESTORED, NULL, false, "база вернулась из копии: возможно, уже ушло",
     "базата е върната от копие: може вече да е тръгнало"},
    {CAUSE_CALL_BACK, NULL, false, "просили перезвонить", "помолиха да им се обадим пак"},
    {CAUSE_UNREACHABLE, NULL, false, "никто не берёт трубку", "никой не вдига"},
    {CAUSE_NOT_DELIVERED, NULL, false, "сообщение не дошло: позвоните",
     "съобщението не стигна: обадете се"},
    {CAUSE_DECLINED, NULL, false, "просили не звонить", "помолиха да не им звъним"},
    {CAUSE_LOST_SALE, NULL, false, "подписал бы тот, кто не смог им продать",
     "би го подписал този, който не успя да им продаде"},
    {CAUSE_CALLED_EARLY, NULL, false, "позвонили заранее", "обадихме се по-рано"},
    {CAUSE_NONE, "at once: ", false, "обычный срок уже прошёл", "обичайният срок вече мина"},
    {CAUSE_NONE, "later than usual: ", false, "позже обычного", "по-късно от обичайното"},
    {CAUSE_NONE, "by e-mail: the client", false, "другого пути к клиенту нет",
     "няма друг начин да го стигнем"},
    {CAUSE_NONE, "by SMS: the client", false, "другого пути к клиенту нет",
     "няма друг начин да го стигнем"},
    {CAUSE_NONE, "by call: the client", false, "другого пути к клиенту нет",
     "няма друг начин да го стигнем"},
    {CAUSE_NONE, "the client's number is wrong", false, "номер неверный: найдите правильный",
     "номерът е грешен: намерете верния"},
};

char *words_reason(const char *lang, enum cause cause, const char *reason)
{
    bool ru = str_eq(lang, "ru"), bg = str_eq(lang, "bg");
    for (size_t i = 0; (ru || bg) && reason != NULL && i < sizeof all_reasons / sizeof *all_reasons;
         i++) {
        const struct reason_words *r = &all_reasons[i];
        if (r->cause != cause || (r->begins != NULL && !str_starts(reason, r->begins)))
            continue;
        const char *words = ru ? r->ru : r->bg;
        return r->goes_on ? xasprintf("%s: %s", words, reason) : xstrdup(words);
    }
    return xstrdup(str_or(reason, ""));
}
