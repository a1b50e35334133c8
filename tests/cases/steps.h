/* SPDX-License-Identifier: ISC */
/* Included by cases.h alone, with STEP defined. */
/* prep.c */
STEP(one); STEP(many); STEP(crlf_file); STEP(bom_file); STEP(latin1_file);
STEP(no_eol_file); STEP(odd_name); STEP(renamed); STEP(renamed_only);
STEP(mode_changed); STEP(deleted); STEP(created); STEP(trailing);
STEP(context0); STEP(context1); STEP(context9); STEP(twins);
STEP(twin_heads); STEP(nested); STEP(mixed_file); STEP(filled);
/* style.c */
STEP(tilde); STEP(four); STEP(unfenced); STEP(listed); STEP(cited);
STEP(info_patch); STEP(info_none); STEP(info_path); STEP(one_fence);
STEP(plain_names); STEP(bare_names); STEP(dot_names); STEP(time_names);
STEP(index_names); STEP(svn_names); STEP(wrong_numbers);
STEP(wrong_counts); STEP(dots); STEP(empty_head); STEP(short_head);
STEP(near_numbers); STEP(section_head); STEP(huge_numbers);
STEP(crlf_reply); STEP(no_marker); STEP(mailed); STEP(inside);
STEP(dressed); STEP(bar_numbers); STEP(colon_numbers); STEP(anchored);
STEP(alone); STEP(unique); STEP(name_head); STEP(bare_blanks);
STEP(fence_each); STEP(backwards); STEP(several); STEP(at_eof);
STEP(done_before); STEP(noisy); STEP(inherited); STEP(broken_off);
STEP(section_anchor);
/* bend.c */
STEP(drop); STEP(drop_beside); STEP(invent); STEP(reword); STEP(merge);
STEP(shift_in); STEP(shift_out); STEP(blanks_lost); STEP(blanks_added);
STEP(to_spaces2); STEP(to_spaces4); STEP(to_spaces8); STEP(to_tabs);
STEP(quotes_old); STEP(quotes_all); STEP(dashes_old); STEP(nbsp_old);
STEP(nbsp_all); STEP(html_all); STEP(combine);
/* kinds.c */
STEP(cut);
/* hostile.c */
STEP(h_dotdot); STEP(h_absolute); STEP(h_git); STEP(h_git_case);
STEP(h_git_tail); STEP(h_git_short); STEP(h_git_backslash);
STEP(h_git_unicode); STEP(h_git_stream); STEP(h_git_itself); STEP(h_raid);
STEP(h_raid_case); STEP(h_control_name); STEP(h_line_name);
STEP(h_nul_name); STEP(h_submodule); STEP(h_link_dir); STEP(h_link_file);
STEP(h_link_dangling); STEP(h_link_new); STEP(h_link_used);
STEP(h_gitlink); STEP(h_odd_mode); STEP(h_mode_to_link);
STEP(h_rename_out); STEP(h_rename_onto); STEP(h_file_folder);
STEP(h_both); STEP(h_create_over); STEP(h_twice); STEP(h_missing);
STEP(hostile_end);
/* hostile_edit.c */
STEP(h_cut_diff); STEP(h_cut_unfenced); STEP(h_cut_search);
STEP(h_cut_replace); STEP(h_cut_codex); STEP(h_cut_whole);
STEP(h_cut_second); STEP(h_alternatives); STEP(h_ambiguous);
STEP(h_minus); STEP(h_stale); STEP(h_other_file); STEP(h_delete_other);
STEP(h_binary); STEP(h_no_file); STEP(h_none);
/* hostile_worse.c */
STEP(h_placeholder); STEP(h_placeholder_edit); STEP(h_shrunk);
STEP(h_lost); STEP(h_tests); STEP(h_braces); STEP(h_conflict);
STEP(h_doubled); STEP(h_huge); STEP(h_hunks); STEP(h_files);
STEP(h_long_line);
