using System.Diagnostics;

namespace Swiper.Host;

/// <summary>Says on standard error how far something is, now and then, so that standard output holds results alone.</summary>
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
