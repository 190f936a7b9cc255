using Microsoft.Extensions.Logging;

namespace Swiper.Storage.Cluster.Repair;

// Event ids 3120-3129 are those of the index's repair.
internal static partial class RepairLog
{
    [LoggerMessage(3120, LogLevel.Information, "{Groups} of 64 groups of the index are rebuilt from the truth: {Users} users in {Seconds:0.0} s")]
    public static partial void Rebuilt(ILogger logger, int groups, long users, double seconds);

    [LoggerMessage(3121, LogLevel.Warning, "The index can't be looked after now")]
    public static partial void NotRebuilt(ILogger logger, Exception exception);

    [LoggerMessage(3122, LogLevel.Error, "Looking after the index met an exception")]
    public static partial void Faulted(ILogger logger, Exception exception);
}
