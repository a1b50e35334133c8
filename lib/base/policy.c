/* SPDX-License-Identifier: ISC */
#include "base/policy.h"

#include <stddef.h>
#include <string.h>

int
raid_policy_load(struct raid_policy *p, const struct raid_conf *c,
    struct raid_err *err)
{
	return raid_conf_read(c, "policy.json", &p->project, &p->user, err);
}

void
raid_policy_free(struct raid_policy *p)
{
	raid_json_free(p->project);
	raid_json_free(p->user);
	p->project = p->user = NULL;
}

/* What one file says, or NULL. */
static const char *
word(const struct raid_json *file, const char *action)
{
	const struct raid_json *v = raid_json_get(file, action);

	return raid_json_is_object(v) ? raid_json_str(v, "do", NULL) :
	    raid_json_text(v);
}

enum raid_policy_answer
raid_policy_get(const struct raid_policy *p, const char *action)
{
	const char *user = word(p->user, action);
	const char *say = word(p->project, action);

	if (say == NULL || (user != NULL && strcmp(user, "deny") == 0))
		say = user;
	if (say != NULL && strcmp(say, "allow") == 0)
		return RAID_POLICY_ALLOW;
	if (say == NULL || strcmp(say, "ask") == 0)
		return RAID_POLICY_ASK;
	/* "deny", and any word that we do not know. */
	return RAID_POLICY_DENY;
}

int
raid_policy_check(const struct raid_policy *p, const char *action,
    struct raid_err *err)
{
	switch (raid_policy_get(p, action)) {
	case RAID_POLICY_ALLOW:
		return 0;
	case RAID_POLICY_ASK:
		return raid_fail(err, RAID_ETEMP, "the policy asks a person "
		    "before '%s'; to allow it, put \"%s\": \"allow\" into "
		    "policy.json in .raid/ or ~/.config/raid/", action,
		    action);
	default:
		return raid_fail(err, RAID_EPERM, "the policy denies '%s'; "
		    "see policy.json in .raid/ or ~/.config/raid/", action);
	}
}

const char *
raid_policy_setting(const struct raid_policy *p, const char *action,
    const char *key, const char *absent)
{
	absent = raid_json_str(raid_json_get(p->user, action), key, absent);
	return raid_json_str(raid_json_get(p->project, action), key, absent);
}

const char *
raid_policy_user(const struct raid_policy *p, const char *key,
    const char *absent)
{
	return raid_json_str(p->user, key, absent);
}
