using System.IO.Pipes;
using Swiper.Host.Restarts;

namespace Swiper.Host.Tests.Restarts;

public sealed class HandoverTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(96)]
    public void Notes_are_read_whole_or_not_at_all(int length)
    {
        var notes = Enumerable.Range(0, length).Select(static i => (byte)(255 - i)).ToArray();
        var line = Handover.LineOf(notes);

        Assert.Equal(notes, Handover.NotesIn(line));
        // A process that is killed while it writes leaves the beginning of a line.
        Assert.All(
            Enumerable.Range(0, line.Length), end => Assert.True(Handover.NotesIn(line[..end]) is null));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1 ")]
    [InlineData("3 AAA!")]
    [InlineData("2147483647 AAAA")]
    [InlineData("99999999999 AAAA")]
    public void Anything_else_is_no_notes(string? line) => Assert.Null(Handover.NotesIn(line));

    [Fact]
    public void Notes_that_are_not_all_are_none() => Assert.Null(Handover.NotesIn(Handover.LineOf(null)));

    [Fact]
    public async Task Nobody_waits_without_an_end_for_another_that_does_not_read()
    {
        using var outgoing = new AnonymousPipeServerStream(PipeDirection.Out);
        var reader = new AnonymousPipeClientStream(PipeDirection.In, outgoing.ClientSafePipeHandle);
        using var nothing = new AnonymousPipeServerStream(PipeDirection.In);
        using var handover = new Handover(nothing, outgoing);

        await Assert.ThrowsAsync<TimeoutException>(
            () => handover.SayAsync(Handover.LineOf(new byte[1 << 20]), TimeSpan.FromMilliseconds(50)));
        // Its end ends what was begun.
        reader.Dispose();
    }
}
