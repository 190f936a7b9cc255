using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Cluster.Repair;

[EventIds(3120, 3129, "Repair of the index")]
internal static partial class RepairLog
{
    [LoggerMessage(3120, LogLevel.Information,
        "Rebuilt {Groups} of 64 index groups from the shards: {Users} users in {Seconds:0.0} s")]
    public static partial void Rebuilt(ILogger logger, int groups, long users, double seconds);

    [Description("bring back the server that the exception names. It is retried")]
    [LoggerMessage(3121, LogLevel.Warning, "The index can't be checked or rebuilt now")]
    public static partial void NotRebuilt(ILogger logger, Exception exception);

    [Description("a bug: report the exception. It is retried")]
    [LoggerMessage(3122, LogLevel.Error, "Unhandled exception while checking or rebuilding the index")]
    public static partial void Faulted(ILogger logger, Exception exception);
}
