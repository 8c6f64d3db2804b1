/* Why something waits or did not go, in the language of who reads the list of the morning. The program says it in English,
 * beside a cause; what colleagues and servers said stays as they said it. Serves context_digest.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "words.h"

static const struct reason_words {
    enum cause cause;
    const char *begins; /* where the cause has several reasons: by what the program's own words are known */
    bool goes_on; /* what stands behind, or all of it, is said, too: a place in a file, what a server said */
    const char *ru, *bg;
} all_reasons[] = {
    {CAUSE_NOT_TICKED, NULL, false, "не позвонили вовремя", "не се обадихме навреме"},
    {CAUSE_EXPIRED, "in its time no tick ran", false, "в это время не работала программа или связь",
     "тогава не работеше програмата или връзката"},
    {CAUSE_EXPIRED, "nobody approved it", false, "никто вовремя не одобрил", "никой не го одобри навреме"},
    {CAUSE_EXPIRED, "nobody released it", false, "никто вовремя не отпустил", "никой не го пусна навреме"},
    {CAUSE_EXPIRED, "its turn did not come", false, "очередь не дошла", "не му дойде редът"},
    {CAUSE_EXPIRED, "no time is left for another try: ", true, "на новую попытку нет времени",
     "няма време за нов опит"},
    {CAUSE_EXPIRED, "no try got through: ", true, "не дошло ни с одной попытки", "нито един опит не успя"},
    {CAUSE_EXPIRED, "no try got through", false, "сообщение не дошло, и никто не позвонил",
     "съобщението не пристигна и никой не се обади"},
    {CAUSE_EXPIRED, "its SMS did not get through", false, "SMS не дошло, и никто не позвонил",
     "SMS-ът не пристигна и никой не се обади"},
    {CAUSE_EXPIRED, "nobody picked up", false, "никто не взял трубку", "никой не вдигна"},
    {CAUSE_EXPIRED, "the number was wrong", false, "номер неверный", "номерът е грешен"},
    {CAUSE_EXPIRED, "they asked to be called later", false, "просили перезвонить, и никто не перезвонил",
     "помолиха да им се обадим пак и никой не се обади"},
    {CAUSE_EXPIRED, "nobody called in time", false, "не позвонили вовремя", "не се обадихме навреме"},
    {CAUSE_EXPIRED, NULL, false, "время прошло", "времето мина"},
    {CAUSE_RETRY, NULL, true, "не получилось, попробуем ещё раз", "не стана, ще опитаме пак"},
    {CAUSE_TEMPLATE, NULL, true, "ошибка в тексте", "грешка в текста"},
    {CAUSE_NO_VERDICT, NULL, false, "сервер не ответил", "сървърът не отговори"},
    {CAUSE_NO_ANSWER, NULL, false, "не взяли трубку", "не вдигнаха"},
    {CAUSE_WRONG_NUMBER, NULL, false, "номер не их", "номерът не е техен"},
    {CAUSE_CROWDED, NULL, false, "ждёт другого дня: в этот уже писали",
     "чака друг ден: за този вече има писмо"},
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
     "съобщението не пристигна: обадете се"},
    {CAUSE_DECLINED, NULL, false, "просили не звонить", "помолиха да не им звъним"},
    {CAUSE_LOST_SALE, NULL, false, "подписал бы тот, кто не смог им продать",
     "би го подписал този, който не успя да им продаде"},
    {CAUSE_CALLED_EARLY, NULL, false, "позвонили заранее", "обадихме се по-рано"},
    {CAUSE_BY_PERSON, "skipped by ", true, "пропущено", "пропуснато"},
    {CAUSE_NONE, "at once: ", false, "обычный срок уже прошёл", "обичайният срок вече мина"},
    {CAUSE_NONE, "later than usual: ", false, "позже обычного", "по-късно от обичайното"},
    {CAUSE_NONE, "by e-mail: the client", false, "другого пути к клиенту нет",
     "няма друг начин да се свържем с клиента"},
    {CAUSE_NONE, "by SMS: the client", false, "другого пути к клиенту нет",
     "няма друг начин да се свържем с клиента"},
    {CAUSE_NONE, "by call: the client", false, "другого пути к клиенту нет",
     "няма друг начин да се свържем с клиента"},
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
        const char *behind = reason + strlen(str_or(r->begins, ""));
        return r->goes_on ? xasprintf("%s: %s", words, behind) : xstrdup(words);
    }
    return xstrdup(str_or(reason, ""));
}
