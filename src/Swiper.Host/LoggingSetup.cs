using Microsoft.Extensions.Logging.Console;

namespace Swiper.Host;

/// <summary>Logs for people in Development, one JSON object a line otherwise.</summary>
internal static class LoggingSetup
{
    public static void AddSwiperLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsDevelopment())
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        else
            builder.Logging.AddJsonConsole(console => console.TimestampFormat = "O");
        // Whoever reads the log slowly must not hold up who writes it: lines are dropped, and the logger says how many.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        // A failed start, which HostProcess tells in one line or throws on; a stack trace would bury that line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }
}
