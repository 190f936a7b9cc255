using System.Globalization;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Cluster.Repair;

/// <summary>A difference between the index and the truth for one user.</summary>
/// <param name="Uid">The user.</param>
/// <param name="What">swiped, liked_by, queue or a board.</param>
/// <param name="Truth">What the truth says, abridged.</param>
/// <param name="Index">What the index says.</param>
public sealed record Drift(long Uid, string What, string Truth, string Index)
{
    /// <summary>Compares the two; the truth must leave out swipes that were not applied to the index when it was read.</summary>
    internal static IEnumerable<Drift> Between(UserSwipes truth, IndexedUser index)
    {
        foreach (var drift in OfSets(truth.Uid, "swiped", truth.Swiped.ToHashSet(), index.Swiped.ToHashSet()))
            yield return drift;

        // People whom the user has swiped are removed from these on the next read.
        var swiped = index.Swiped.ToHashSet();
        var likers = truth.Likers.ToList();
        foreach (var drift in OfSets(
            truth.Uid, "liked_by", likers.Select(liker => (liker.Uid, liker.At)).ToHashSet(), Unswiped(index.Likers, swiped)))
            yield return drift;
        var superlikers = likers.Where(liker => liker.Kind == Core.Social.SwipeKind.Superlike).Select(liker => (liker.Uid, liker.At))
            .ToHashSet();
        foreach (var drift in OfSets(truth.Uid, "queue", superlikers, Unswiped(index.Superlikers, swiped)))
            yield return drift;

        var wanted = truth.Scores.Where(score => score.Score != 0).ToDictionary(score => score.Board, score => score.Score);
        var found = index.Scores.Where(score => score.Score != 0).ToDictionary(score => score.Board, score => score.Score);
        foreach (var board in wanted.Keys.Union(found.Keys))
        {
            if (wanted.GetValueOrDefault(board) != found.GetValueOrDefault(board))
                yield return new Drift(truth.Uid, $"board {board}", Text(wanted.GetValueOrDefault(board)),
                    Text(found.GetValueOrDefault(board)));
        }
    }

    private static HashSet<(long, long)> Unswiped(IReadOnlyDictionary<long, long> likers, HashSet<long> swiped) =>
        likers.Where(liker => !swiped.Contains(liker.Key)).Select(liker => (liker.Key, liker.Value)).ToHashSet();

    private static IEnumerable<Drift> OfSets<T>(long uid, string what, HashSet<T> truth, HashSet<T> index)
    {
        var (lacking, surplus) = (truth.Except(index).ToList(), index.Except(truth).ToList());
        if (lacking.Count + surplus.Count > 0)
            yield return new Drift(uid, what, Some(truth.Count, "lacking in the index", lacking),
                Some(index.Count, "unknown to the truth", surplus));
    }

    private static string Some<T>(int count, string what, List<T> differing) => differing.Count == 0
        ? Text(count)
        : string.Create(CultureInfo.InvariantCulture, $"{count}, {differing.Count} {what}: {string.Join(", ", differing.Take(3))}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
