/* SPDX-License-Identifier: ISC */
/*
 * Which actions need a person, after raid-policy(5): policy.json maps an
 * action to "allow", "ask" or "deny", or to an object whose "do" is one of
 * them.  The project's file wins over the user's, except that a "deny" of
 * the user stays.  What no file names asks.
 */
#ifndef RAID_BASE_POLICY_H
#define RAID_BASE_POLICY_H

#include "base/conf.h"
#include "raid.h"

enum raid_policy_answer {
	RAID_POLICY_DENY,
	RAID_POLICY_ASK,
	RAID_POLICY_ALLOW
};

struct raid_policy {
	struct raid_json *project, *user;
};

RAID_MUST int raid_policy_load(struct raid_policy *p, const struct raid_conf *c,
    struct raid_err *err);
void raid_policy_free(struct raid_policy *p);

enum raid_policy_answer raid_policy_get(const struct raid_policy *p,
    const char *action);

/*
 * May the action be done now by a program that cannot ask?  0, or
 * RAID_EPERM (deny) or RAID_ETEMP (ask), with the reason.
 */
RAID_MUST int raid_policy_check(const struct raid_policy *p,
    const char *action, struct raid_err *err);

/*
 * A setting of an action's object, such as "author" of "commit"; absent if
 * neither file has it.
 */
const char *raid_policy_setting(const struct raid_policy *p,
    const char *action, const char *key, const char *absent);

/* A setting that only the user's own file may have, such as "sandbox". */
const char *raid_policy_user(const struct raid_policy *p, const char *key,
    const char *absent);

#endif
