/* Private to the room: people and messages that stand in for each other. */
#ifndef PPS_SERVICE_INSTEAD_H
#define PPS_SERVICE_INSTEAD_H

#include "internal.h"

/* ---- instead.c ---- */
/* One part of what runs before a tick: calls about a journey that has begun, and that nobody made, are missed. */
enum rc calls_lose_sense(const struct desk *desk, struct err *err) MUST_CHECK;
/* A message that stands for a call and has not gone is that call again: somebody has made it, or tried to. What a tick has
 * in hand is taken from it before its point of no return. Only in memory and in the row's state; the caller writes it.
 * Nothing happens to what is no such message. */
enum rc take_call_back(const struct desk *desk, struct action *action, struct err *err) MUST_CHECK;

#endif
