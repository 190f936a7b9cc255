using System.Globalization;
using System.IO.Pipes;
using System.Text;

namespace Swiper.Host.Restarts;

/// <summary>
/// What two processes say to each other, a line each, while one takes the place of the other:
/// <code>
/// old: serves                            new: reads its options, loads its certificate ...
///                                        ◄── reading
/// old: notes what it writes
/// path of the data folder ──►
///                                        new: reads the indexes
///                                        ◄── ready
/// old: reads no more, answers, closes
///      the data folder
/// time at which it began to ──►
/// what it has noted ──►
///                                        new: opens the data folder, reads what was noted, accepts
///                                        ◄── serving
/// old: ends
/// </code>
/// A new process that fails says why, or only ends: the old one goes on, or opens its data folder again. Notes are only asked for
/// where both mean the same by them, and only of the embedded engine.
/// </summary>
/// <param name="incoming">From the other process.</param>
/// <param name="outgoing">To it.</param>
internal sealed class Handover(PipeStream incoming, PipeStream outgoing) : IDisposable
{
    public const string Reading = "reading";
    public const string Ready = "ready";
    public const string Serving = "serving";
    public const string Failed = "failed: ";

    private const string NoNotes = "-";

    private readonly StreamReader _incoming = new(incoming);

    /// <summary>What the other says next; null if it has ended.</summary>
    /// <exception cref="TimeoutException">It says nothing.</exception>
    public Task<string?> HearAsync(TimeSpan patience) => _incoming.ReadLineAsync().WaitAsync(patience);

    /// <summary>Says a line to the other process; nobody hears it where that has ended.</summary>
    public void Say(string line)
    {
        try
        {
            outgoing.Write(Encoding.UTF8.GetBytes($"{line.ReplaceLineEndings(" ")}\n"));
        }
        catch (IOException)
        {
            // What the other would say, its end says.
        }
    }

    /// <summary>Says a line that may not fit the pipe, so that the other must read it.</summary>
    /// <exception cref="TimeoutException">It does not; the line goes on being said until the other ends.</exception>
    public Task SayAsync(string line, TimeSpan patience) => Task.Run(() => Say(line)).WaitAsync(patience);

    /// <summary>The line that hands over notes; null stands for none, and for those that are not all.</summary>
    public static string LineOf(byte[]? notes) =>
        notes is null ? NoNotes : string.Create(CultureInfo.InvariantCulture, $"{notes.Length} {Convert.ToBase64String(notes)}");

    /// <summary>The notes in a line; null if it has none, or was cut off: then the indexes have to be read anew.</summary>
    public static byte[]? NotesIn(string? line)
    {
        if (line?.Split(' ') is not [var size, var text]
            || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || text.Length != (length + 2L) / 3 * 4)
            return null;
        var notes = new byte[length];
        return Convert.TryFromBase64String(text, notes, out var read) && read == length ? notes : null;
    }

    public void Dispose()
    {
        _incoming.Dispose();
        outgoing.Dispose();
    }
}
