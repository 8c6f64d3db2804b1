/* The facts on which steps of a playbook may depend: their names there, and in words. Where they come from is others'
 * concern. Pure. Serves the reader of the playbook, the planner, and what explains a plan. */
#include <pps/playbook.h>

static const struct {
    const char *name, *words;
} facts[FACT_COUNT] = {
    [FACT_COMPLAINT] = {"complaint", "a complaint is open"},
    [FACT_UNHAPPY] = {"unhappy", "the client was not happy"},
    [FACT_PROMOTER] = {"promoter", "the client would recommend us"},
    [FACT_RATED] = {"rated", "the client has told us how it was"},
    [FACT_PROMISED] = {"promised", "a day is promised"},
    [FACT_ASSIGNED] = {"assigned", "somebody is responsible"},
    [FACT_FIRST_TRIP] = {"first_trip", "it is their first trip with us"},
    [FACT_BOUGHT_AGAIN] = {"bought_again", "the client has bought again"},
    [FACT_TRAVELLING] = {"travelling", "the client is travelling that day"},
    [FACT_REMINDED] = {"reminded", "the old dates had gone out"},
    [FACT_SOLVED] = {"solved", "the complaint is solved"},
    [FACT_ASKED_IN_WRITING] = {"asked_in_writing", "a letter asks the client what went wrong"},
    [FACT_REFUSED] = {"refused", "the client did not want to talk"},
};

const char *fact_name(enum fact fact)
{
    return facts[fact].name;
}

const char *fact_words(enum fact fact)
{
    return facts[fact].words;
}
