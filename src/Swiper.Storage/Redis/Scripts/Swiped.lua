-- ARGV: uid, group, then at most 2000 uids. Answers false where the group is untrusted; else a text that has for each of them a 1 if the
-- user has swiped them, and a 0 if not.

local prefix = prefix_of(ARGV[2])
if not is_trusted(prefix, run_id()) then
    return false
end
return table.concat(redis.call('SMISMEMBER', prefix .. 'u:' .. ARGV[1] .. ':swiped', unpack(ARGV, 3)))
