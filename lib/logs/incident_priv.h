/* SPDX-License-Identifier: ISC */
/* Incidents in one row of levels. */
#ifndef RAID_LOGS_INCIDENT_PRIV_H
#define RAID_LOGS_INCIDENT_PRIV_H

#include "logs/incident.h"
#include "logs/steps.h"

#define RAID_HUNT_MAX 4		/* more are how it always is */
#define RAID_HUNT_EVENTS 10	/* errors that an incident must have */

struct raid_hunt {
	int metric;		/* as in struct raid_incident */
	struct raid_steps steps;	/* of log2 of the metric minus middle */
	double middle;
	double zero;		/* the level that zero was given */
};

/* Find what is an incident of the steps: at most RAID_HUNT_MAX of them. */
size_t raid_hunt(const struct raid_hunt *h, struct raid_incident *v);

#endif
