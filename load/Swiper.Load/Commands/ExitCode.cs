using Swiper.Local;

namespace Swiper.Load.Commands;

/// <summary>What the program tells whoever runs it.</summary>
internal static class ExitCode
{
    public const int Passed = 0;

    /// <summary>The run was made and missed a threshold.</summary>
    public const int ThresholdMissed = 1;

    public const int WrongOptions = ToolCommand.WrongOptions;

    /// <summary>There is no run to judge: no server, or a fault of the runner.</summary>
    public const int CouldNotRun = 3;

    /// <summary>Ctrl+C ended the run early, whatever its thresholds say; shells answer the same for what Ctrl+C ends.</summary>
    public const int Interrupted = 130;
}
