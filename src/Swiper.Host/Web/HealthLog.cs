using System.ComponentModel;
using Swiper.Core.Diagnostics;

namespace Swiper.Host.Web;

[EventIds(3170, 3189, "Health")]
internal static partial class HealthLog
{
    [Description("see [health](#health): what each reason means and what to do about it")]
    [LoggerMessage(3170, LogLevel.Warning, "Health ({What}): {Detail}; the host is {State}")]
    public static partial void Wrong(ILogger logger, string what, string detail, string state);

    [LoggerMessage(3171, LogLevel.Information, "Health ({What}): over after {Seconds:0.0} s: {Detail}; the host is {State}")]
    public static partial void Over(ILogger logger, string what, string detail, double seconds, string state);

    [Description("a bug: report the exception. What was found before still stands, and the host looks again in half a second")]
    [LoggerMessage(3172, LogLevel.Error, "Unhandled exception while looking at the host's health")]
    public static partial void NotLooked(ILogger logger, Exception exception);
}
