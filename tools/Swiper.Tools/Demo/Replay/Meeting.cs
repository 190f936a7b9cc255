namespace Swiper.Tools.Demo.Replay;

/// <summary>Two people of a replay: the outcome in the file, and Swiper's.</summary>
/// <param name="Pair">Their numbers in the file.</param>
/// <param name="Expected">Whether the file says they match; null if its two rows disagree.</param>
/// <param name="SaidMatched">Replies that reported a match: one for a match, otherwise none.</param>
/// <param name="Pushes">Pushes 701 received: one by each of the two for a match, otherwise none.</param>
internal sealed record Meeting((int One, int Other) Pair, bool? Expected, int SaidMatched, (int One, int Other) Pushes)
{
    public bool IsFound => SaidMatched == 1 && Pushes == (1, 1);

    public bool IsEqual => Expected is { } expected && (expected ? IsFound : SaidMatched == 0 && Pushes == (0, 0));

    /// <summary>Describes the difference, if any.</summary>
    public string Difference => (Expected, IsFound) switch
    {
        (null, _) => $"their rows disagree about a match; Swiper found {(IsFound ? "one" : "none")}",
        (true, false) when SaidMatched == 0 && Pushes == (0, 0) => "the file says a match, Swiper found none",
        (false, true) => "the file says no match, Swiper found one",
        _ => $"{SaidMatched} replies reported a match; {Pushes.One} and {Pushes.Other} pushes were received",
    };

    /// <param name="decisions">The file.</param>
    /// <param name="saidMatched">The decisions whose replies reported a match, by pair.</param>
    /// <param name="people">By their numbers in the file.</param>
    public static IReadOnlyList<Meeting> Compare(
        IReadOnlyList<Decision> decisions, ILookup<(int, int), Decision> saidMatched, IReadOnlyDictionary<int, Person> people)
    {
        return [.. decisions.GroupBy(decision => decision.Pair).Select(rows =>
        {
            var (one, other) = rows.Key;
            var agreed = rows.Select(row => row.IsMatch).Distinct().ToArray();
            return new Meeting(
                rows.Key, agreed.Length == 1 ? agreed[0] : null, saidMatched[rows.Key].Count(),
                (PushesTo(one, other), PushesTo(other, one)));
        })];

        int PushesTo(int one, int other) => people[one].MatchedWith.Count(uid => uid == people[other].Uid);
    }
}
