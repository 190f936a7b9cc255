-- ARGV: board, how many, groups. Answers the report of Ranking.lua and, where that is empty, the first of the groups' parts: uid, place.

local keys, report = parts_of(ARGV[1], ARGV, 3)
if #report > 0 then
    return { report, {} }
end
return { report, flat(first_down(keys, tonumber(ARGV[2]), '+inf')) }
