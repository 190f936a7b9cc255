namespace Swiper.Tools.Demo.Replay;

/// <summary>Two people of a replay: what the file says of them, and what Swiper made of it.</summary>
/// <param name="Pair">Their numbers in the file.</param>
/// <param name="Expected">A match by the file; null where its two rows disagree.</param>
/// <param name="SaidMatched">Replies that said so: one of a match, none otherwise.</param>
/// <param name="Pushes">Pushes 701 about it: one for each of the two, or none at all.</param>
internal sealed record Meeting((int One, int Other) Pair, bool? Expected, int SaidMatched, (int One, int Other) Pushes)
{
    public bool IsFound => SaidMatched == 1 && Pushes == (1, 1);

    public bool IsEqual => Expected is { } expected && (expected ? IsFound : SaidMatched == 0 && Pushes == (0, 0));

    /// <summary>In words, where it is not equal.</summary>
    public string Difference => (Expected, IsFound) switch
    {
        (null, _) => $"their rows disagree about a match; Swiper found {(IsFound ? "one" : "none")}",
        (true, false) when SaidMatched == 0 && Pushes == (0, 0) => "the file says a match, Swiper found none",
        (false, true) => "the file says no match, Swiper found one",
        _ => $"{SaidMatched} replies say a match, {Pushes.One} and {Pushes.Other} pushes came",
    };

    /// <param name="decisions">The file.</param>
    /// <param name="saidMatched">The decisions whose replies said a match, by pair.</param>
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
