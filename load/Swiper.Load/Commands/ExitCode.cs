using Swiper.Local;

namespace Swiper.Load.Commands;

/// <summary>Exit codes of the load runner.</summary>
internal static class ExitCode
{
    public const int Passed = 0;

    /// <summary>The run completed and missed a threshold.</summary>
    public const int ThresholdMissed = 1;

    public const int WrongOptions = ToolCommand.WrongOptions;

    /// <summary>The run could not be made: no server, or a failure of the runner.</summary>
    public const int CouldNotRun = 3;

    /// <summary>Ctrl+C interrupted the run, regardless of its thresholds; the same code that shells use for SIGINT.</summary>
    public const int Interrupted = 130;
}
