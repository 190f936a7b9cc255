using System.Diagnostics;

namespace Swiper.Host;

/// <summary>Reports progress on standard error, so that standard output holds only results.</summary>
internal sealed class ProgressLine(TimeSpan every)
{
    private readonly Stopwatch _since = Stopwatch.StartNew();

    public void Tell(string text)
    {
        if (_since.Elapsed < every)
            return;
        _since.Restart();
        Console.Error.WriteLine($"swiper: {text}");
    }
}
