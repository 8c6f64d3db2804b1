/* The program's version, in one place: --version, the manual page and doctor read it from here. */
#ifndef PPS_VERSION_H
#define PPS_VERSION_H

#define PPS_VERSION "0.1.0"

#endif
