using BenchmarkDotNet.Loggers;

namespace Swiper.Bench.Running;

/// <summary>Shows errors only; the rest of BenchmarkDotNet's output, thousands of lines, is in its log file.</summary>
internal sealed class ConsoleErrors : ILogger
{
    public string Id => nameof(ConsoleErrors);

    public int Priority => 0;

    public void Write(LogKind logKind, string text)
    {
        if (logKind == LogKind.Error)
            ConsoleLogger.Default.Write(logKind, text);
    }

    public void WriteLine()
    {
    }

    public void WriteLine(LogKind logKind, string text)
    {
        if (logKind == LogKind.Error)
            ConsoleLogger.Default.WriteLine(logKind, text);
    }

    public void Flush() => ConsoleLogger.Default.Flush();
}
