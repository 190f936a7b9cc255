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

    /// <summary>Instead of them: the indexes have to be read anew.</summary>
    public const string NoNotes = "-";

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

    public void Dispose()
    {
        _incoming.Dispose();
        outgoing.Dispose();
    }
}
