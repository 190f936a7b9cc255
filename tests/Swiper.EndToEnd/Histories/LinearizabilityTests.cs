using Swiper.Tests.Shared.Histories;

namespace Swiper.EndToEnd.Histories;

/// <summary>The checker itself, on histories of a register that can be judged by eye.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void What_is_asked_one_after_the_other_must_be_answered_in_that_order()
    {
        Assert.Null(Check(Write(1, 0, 10), Read(1, 20, 30), Write(2, 40, 50), Read(2, 60, 70)));
        var violation = Check(Write(1, 0, 10), Write(2, 20, 30), Read(1, 40, 50), Read(2, 60, 70));
        Assert.Equal(40, violation!.Impossible.Invoked);
        Assert.Equal([2], violation.Before);
    }

    [Fact]
    public void What_is_asked_at_the_same_time_may_have_happened_in_any_order_but_in_one()
    {
        Assert.Null(Check(Write(1, 0, 100), Write(2, 0, 100), Read(1, 110, 120)));
        Assert.Null(Check(Write(1, 0, 100), Read(0, 10, 20), Read(1, 30, 40)));
        // Who has seen the new value has seen it for everybody.
        Assert.NotNull(Check(Write(1, 0, 100), Read(1, 10, 20), Read(0, 30, 40)));
        Assert.NotNull(Check(Write(1, 0, 100), Write(2, 0, 100), Read(1, 110, 120), Read(2, 130, 140)));
    }

    [Fact]
    public void What_was_not_answered_may_have_happened_at_any_time_or_never()
    {
        Assert.Null(Check(Lost(1, 0), Read(0, 10, 20), Read(0, 30, 40)));
        Assert.Null(Check(Lost(1, 0), Read(0, 10, 20), Read(1, 30, 40)));
        Assert.Null(Check(Lost(1, 50), Read(0, 10, 60), Read(1, 70, 80)));
        Assert.NotNull(Check(Lost(1, 50), Read(1, 10, 40)));
        Assert.NotNull(Check(Lost(1, 0), Read(1, 10, 20), Read(0, 30, 40)));
        // Once, not twice.
        Assert.NotNull(Check(Lost(1, 0), Read(1, 10, 20), Write(2, 30, 40), Read(2, 50, 60), Read(1, 70, 80)));
        Assert.Null(Check(Lost(1, 0), Lost(1, 5), Read(1, 10, 20), Write(2, 30, 40), Read(2, 50, 60), Read(1, 70, 80)));
        // Not later than it can have.
        Assert.NotNull(Check(Lost(1, 0, until: 30), Read(0, 40, 50), Read(1, 60, 70)));
    }

    [Fact]
    public void Many_that_were_not_answered_are_no_trouble()
    {
        var lost = Enumerable.Range(0, 40).Select(i => Lost(i % 4, i)).ToArray();
        Assert.Null(Check([.. lost, Read(3, 100, 110), Read(1, 120, 130), Read(2, 140, 150)]));
        Assert.NotNull(Check([.. lost, Read(3, 100, 110), Read(5, 120, 130)]));
    }

    [Fact]
    public void The_smallest_history_that_shows_it_keeps_all_writes_and_leaves_out_what_has_no_part_in_it()
    {
        var model = new Register();
        Operation<Access>[] history =
        [
            Read(0, 0, 1), Write(1, 2, 3), Read(1, 4, 5), Read(1, 6, 7), Write(2, 8, 9), Read(1, 10, 11), Read(2, 12, 13),
        ];
        var smallest = Linearizability.Shrink(model, Linearizability.Check(model, history)!);
        Assert.Equal([2, 8, 10], smallest.History.Select(operation => operation.Invoked));
        Assert.Contains("1   <== impossible", smallest.ToString(), StringComparison.Ordinal);
    }

    private static Violation<int, Access>? Check(params Operation<Access>[] history) =>
        Linearizability.Check(new Register(), history);

    private static Operation<Access> Write(int value, long from, long to) => new(0, new Access(IsWrite: true, value), from, to, true);

    private static Operation<Access> Lost(int value, long from, long until = long.MaxValue) =>
        new(0, new Access(IsWrite: true, value), from, until, false);

    private static Operation<Access> Read(int value, long from, long to) => new(0, new Access(IsWrite: false, value), from, to, true);

    private readonly record struct Access(bool IsWrite, int Value)
    {
        public override string ToString() => $"{(IsWrite ? "write" : "read")} {Value}";
    }

    private sealed class Register : ISequentialModel<int, Access>
    {
        public int Initial => 0;

        public IEnumerable<int> Apply(int state, Access deed) => deed.IsWrite || deed.Value == state ? [deed.Value] : [];

        public int Acknowledge(int state, Access deed) => state;

        public bool IsObservation(Access deed) => !deed.IsWrite;
    }
}
