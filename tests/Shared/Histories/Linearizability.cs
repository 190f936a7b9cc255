using System.Numerics;

namespace Swiper.Tests.Shared.Histories;

/// <summary>Something that a client asked of an object, and what it saw of it.</summary>
/// <param name="Client">Whose: it asks one thing after the other.</param>
/// <param name="Deed">What was asked and, where there was a reply, the reply.</param>
/// <param name="Invoked">When it was asked, in microseconds.</param>
/// <param name="Returned">When the reply was there; without one, the time from which on the operation can't take effect any more.</param>
/// <param name="IsAnswered">Without a reply it may have happened or not.</param>
internal sealed record Operation<TDeed>(int Client, TDeed Deed, long Invoked, long Returned, bool IsAnswered)
    where TDeed : IEquatable<TDeed>;

/// <summary>What an object does when it is asked one thing after the other. States are values: equal ones behave alike.</summary>
internal interface ISequentialModel<TState, TDeed>
    where TState : IEquatable<TState>
    where TDeed : IEquatable<TDeed>
{
    /// <summary>The state at the beginning.</summary>
    TState Initial { get; }

    /// <summary>
    /// The states in which the object may be after the deed; none if it would not have answered like that. A deed without an answer may be
    /// answered in any way.
    /// </summary>
    IEnumerable<TState> Apply(TState state, TDeed deed);

    /// <summary>What the reply to the deed promises to everybody who asks later.</summary>
    TState Acknowledge(TState state, TDeed deed);

    /// <summary>Whether a deed, as it was answered, changes nothing: a history without it asks for less.</summary>
    bool IsObservation(TDeed deed);
}

/// <summary>
/// Decides whether one order of all operations, each at a moment between its call and its reply, explains all answers.
/// </summary>
/// <remarks>
/// The search is that of J. Wing and C. Gong, "Testing and verifying concurrent objects" (1993), with what G. Lowe, "Testing for
/// linearizability" (2017), adds: calls and replies are followed in the order of their times, with the set of all configurations that
/// explain them so far, a configuration being a state and which of the open operations have taken effect. Equal ones are
/// kept once, as in Porcupine. The first reply that no configuration explains is where the history is impossible.
/// </remarks>
internal static class Linearizability
{
    private const int MostOpen = 64;
    private const int MostConfigurations = 1_000_000;

    /// <summary>Null if the history can be explained.</summary>
    /// <exception cref="InvalidOperationException">Too much happens at once to try every order.</exception>
    public static Violation<TState, TDeed>? Check<TState, TDeed>(
        ISequentialModel<TState, TDeed> model, IReadOnlyCollection<Operation<TDeed>> history)
        where TState : IEquatable<TState>
        where TDeed : IEquatable<TDeed> =>
        new Search<TState, TDeed>(model).Run(history);

    /// <summary>
    /// The violation with as few observations as show it. Nothing that changes anything is left out: without it, what is left might be
    /// impossible for another reason.
    /// </summary>
    public static Violation<TState, TDeed> Shrink<TState, TDeed>(ISequentialModel<TState, TDeed> model, Violation<TState, TDeed> violation)
        where TState : IEquatable<TState>
        where TDeed : IEquatable<TDeed>
    {
        foreach (var operation in violation.History.Reverse()
            .Where(operation => operation.IsAnswered && model.IsObservation(operation.Deed)))
        {
            if (operation != violation.Impossible && violation.History.Contains(operation)
                && Check(model, [.. violation.History.Where(other => other != operation)]) is { } smaller)
                violation = smaller;
        }

        return violation;
    }

    private sealed class Search<TState, TDeed>(ISequentialModel<TState, TDeed> model)
        where TState : IEquatable<TState>
        where TDeed : IEquatable<TDeed>
    {
        private readonly Operation<TDeed>?[] _open = new Operation<TDeed>?[MostOpen];

        // Of operations without a reply that ask for the same, only the first takes effect first: any other order comes to the same.
        private readonly int[] _earlierTwin = new int[MostOpen];

        private HashSet<Configuration> _possible = [new(model.Initial, 0)];

        public Violation<TState, TDeed>? Run(IReadOnlyCollection<Operation<TDeed>> history)
        {
            var begun = new List<Operation<TDeed>>();
            // What began when something else returned may have come before it.
            foreach (var (_, isReturn, operation) in history
                .SelectMany(operation => new (long At, bool IsReturn, Operation<TDeed> Operation)[]
                {
                    (operation.Invoked, false, operation), (operation.Returned, true, operation),
                })
                .OrderBy(happened => happened.At).ThenBy(happened => happened.IsReturn))
            {
                if (!isReturn)
                {
                    begun.Add(operation);
                    Open(operation);
                }
                else if (!TryReturn(operation))
                {
                    return new(begun, operation, [.. _possible.Select(configuration => configuration.State).Distinct()]);
                }
            }

            return null;
        }

        private void Open(Operation<TDeed> operation)
        {
            var slot = Array.IndexOf(_open, null);
            if (slot < 0)
                throw new InvalidOperationException($"more than {MostOpen} operations are open at once");
            _earlierTwin[slot] = -1;
            for (var other = 0; other < MostOpen && !operation.IsAnswered; other++)
            {
                if (_open[other] is { IsAnswered: false } twin && twin.Deed.Equals(operation.Deed) && twin.Returned == operation.Returned
                    && !_earlierTwin.Where((earlier, of) => earlier == other && _open[of] is not null).Any())
                    _earlierTwin[slot] = other;
            }

            _open[slot] = operation;
        }

        private bool TryReturn(Operation<TDeed> operation)
        {
            var slot = Array.IndexOf(_open, operation);
            var bit = 1UL << slot;
            var next = new HashSet<Configuration>();
            foreach (var configuration in Explore())
            {
                if (!operation.IsAnswered)
                    next.Add(configuration with { Done = configuration.Done & ~bit });
                else if ((configuration.Done & bit) != 0)
                    next.Add(new(model.Acknowledge(configuration.State, operation.Deed), configuration.Done & ~bit));
            }

            if (next.Count == 0)
                return false;
            _possible = next;
            _open[slot] = null;
            for (var other = 0; other < MostOpen; other++)
            {
                if (_earlierTwin[other] == slot)
                    _earlierTwin[other] = -1;
            }

            return true;
        }

        /// <summary>What is possible after any of the open operations have taken effect, in any order.</summary>
        private List<Configuration> Explore()
        {
            var explored = new List<Configuration>();
            var seen = new HashSet<Configuration>(_possible);
            var left = new Stack<Configuration>(_possible);
            while (left.TryPop(out var configuration))
            {
                var next = After(configuration, out var isReplaced);
                if (!isReplaced)
                    explored.Add(configuration);
                foreach (var after in next)
                {
                    if (seen.Add(after))
                        left.Push(after);
                }

                if (seen.Count > MostConfigurations)
                    throw new InvalidOperationException($"there are more than {MostConfigurations} ways to explain the history");
            }

            return explored;
        }

        private List<Configuration> After(Configuration configuration, out bool isReplaced)
        {
            var next = new List<Configuration>();
            for (var slot = 0; slot < MostOpen; slot++)
            {
                var bit = 1UL << slot;
                if (_open[slot] is not { } operation || (configuration.Done & bit) != 0)
                    continue;
                if (_earlierTwin[slot] is var twin and >= 0 && (configuration.Done & 1UL << twin) == 0)
                    continue;
                var states = model.Apply(configuration.State, operation.Deed).ToArray();
                if (states is [var same] && same.Equals(configuration.State))
                {
                    // What has no reply and changes nothing need not have happened; what has been answered has.
                    if (!operation.IsAnswered)
                        continue;
                    // Nothing is gained by waiting; of others, the same deed may change something later.
                    if (model.IsObservation(operation.Deed))
                    {
                        isReplaced = true;
                        return [configuration with { Done = configuration.Done | bit }];
                    }
                }

                next.AddRange(states.Select(state => new Configuration(state, configuration.Done | bit)));
            }

            isReplaced = false;
            return next;
        }

        private readonly record struct Configuration(TState State, ulong Done)
        {
            public override string ToString() => $"{State}, {BitOperations.PopCount(Done)} done";
        }
    }
}

/// <summary>A history that no order of its operations explains.</summary>
/// <param name="History">All that had been asked until then.</param>
/// <param name="Impossible">The first whose reply nothing explains.</param>
/// <param name="Before">In which states the object may have been until then.</param>
internal sealed record Violation<TState, TDeed>(
    IReadOnlyList<Operation<TDeed>> History, Operation<TDeed> Impossible, IReadOnlyList<TState> Before)
    where TDeed : IEquatable<TDeed>
{
    /// <summary>A line an operation, in the order of their calls, with times in milliseconds since the first.</summary>
    public override string ToString()
    {
        var begin = History.Min(operation => operation.Invoked);
        var lines = History.OrderBy(operation => operation.Invoked).Select(operation =>
            $"{Ms(operation.Invoked),9} - {(operation.IsAnswered ? Ms(operation.Returned) : "..."),9}  #{operation.Client,-4} "
            + $"{operation.Deed}{(operation == Impossible ? "   <== impossible" : "")}");
        return $"""
                no order of these {History.Count} operations explains the answers (ms, connection, what was asked and answered):
                {string.Join('\n', lines)}
                until then it can only have been:
                {string.Join('\n', Before.Take(8).Select(state => $"    {state}"))}
                """;

        string Ms(long at) => FormattableString.Invariant($"{(at - begin) / 1000.0:0.000}");
    }
}
