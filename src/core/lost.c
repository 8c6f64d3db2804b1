/* Who may not stand in a message about a lost sale. The client has said no to a
 * person; a letter from the same person, or one whose answer goes to them, is read as more of the same. Pure. Serves the
 * service that enters lost sales, the planner's circumstances, and the tick, which looks once more before it sends. */
#include <stdlib.h>
#include <string.h>

#include <pps/lost.h>
#include <pps/str.h>
#include <pps/wordlist.h>

bool lost_same_person(const struct staff *a, const struct staff *b)
{
    return (a->id == b->id && a->id != 0) || word_list_same(a->email, b->email) ||
           word_list_same(a->name, b->name);
}

enum lost_fault lost_fault_of(const struct staff *loser, const struct staff *signer,
                              const struct config *config, enum channel channel)
{
    const char *answers = signer != NULL && !str_empty(signer->email) ? signer->email
                          : !str_empty(config->agency.email)          ? config->agency.email
                                                                      : config->email.from;
    bool email = channel == CHANNEL_EMAIL;
    bool same = signer != NULL && lost_same_person(signer, loser);
    bool by_address = same && signer->id != loser->id && !word_list_same(signer->name, loser->name);
    if (same && !(by_address && email))
        return LOST_SIGNED;
    if (email && word_list_same(config->email.from, loser->email))
        return LOST_FROM;
    if (email && word_list_same(answers, loser->email))
        return LOST_ANSWERED;
    return email && word_list_same(config->email.unsubscribe_to, loser->email) ? LOST_STOPPED : LOST_FINE;
}

char *lost_fault_words(enum lost_fault fault, const struct staff *loser, const struct staff *signer)
{
    switch (fault) {
    case LOST_SIGNED:
        return xasprintf("%s, who failed to sell, would sign it: let somebody else have the role "
                         "(pps staff edit %s --role manager)",
                         loser->name, signer->login);
    case LOST_FROM:
        return xasprintf("it would be sent from the address of %s, who failed to sell: put another "
                         "one into email.from in pps.json",
                         loser->login);
    case LOST_ANSWERED:
        return xasprintf("answers would go to the address of %s, who failed to sell: give whoever "
                         "signs one of their own (pps staff edit LOGIN --email …)",
                         loser->login);
    case LOST_STOPPED:
        return xasprintf("who wants no more letters would write to %s, who failed to sell: put "
                         "another address into email.unsubscribe_to in pps.json",
                         loser->login);
    default:
        return NULL;
    }
}
