using System.CommandLine;
using System.Globalization;
using Swiper.Host.Web;

namespace Swiper.Host;

/// <summary>`backup`, on a running host, and `restore`, without one.</summary>
internal static class BackupCommands
{
    private const double DefaultRate = 50;
    private const double MinRate = 0.001;
    private const double MaxRate = 100_000;
    private const long Megabyte = 1_000_000;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    public static Command Backup()
    {
        var folder = new Argument<string>("DIR") { Description = "the folder to create; its parent must exist" };
        var rate = new Option<double>("--rate")
        {
            Description = "copy at most this many megabytes per second", HelpName = "N", DefaultValueFactory = static _ => DefaultRate,
        }.Within(MinRate, MaxRate);
        var command = new OperationsCommand(
            "backup", "Makes a backup of a running host's data folder, of one moment, which `restore` makes a data folder of.")
        {
            folder, rate,
        };
        return command.Does(async (parsed, host, cancellation) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(folder));
            var order = new BackupOrder(path, (long)(parsed.GetValue(rate) * Megabyte));
            var progress = new ProgressLine(ProgressEvery);
            BackupState? last = null;
            await foreach (var state in host.StreamAsync<BackupOrder, BackupState>(BackupOperations.Route, order, cancellation))
            {
                last = state;
                if (state is { Made: null, Error: null, Total: > 0 })
                    progress.Tell($"{100 * state.Done / state.Total} % of {Megabytes(state.Total / 2)}");
            }

            if (last is not { Made: { } made })
                throw new OperationFailedException(ExitCode.Refused, last?.Error ?? "the host has ended before the backup was whole");
            Console.WriteLine($"{path}: {made.Shards} shards, {Megabytes(made.Bytes)}, as of {Time(made.Moment)}");
        });
    }

    public static Command Restore()
    {
        var backup = new Argument<string>("BACKUP") { Description = "a folder made by `backup`" };
        var data = new Option<string>("--data")
        {
            Description = "the folder to restore into, which must be empty or not exist",
            HelpName = "DIR",
            DefaultValueFactory = _ => "data",
        };
        var command = new Command("restore", "Makes a data folder of a backup, if all of it is whole. Exit code 3 if it is not.")
        {
            backup, data,
        };
        command.SetAction((parsed, _) => HostProcess.RestoreAsync(parsed.GetRequiredValue(backup), parsed.GetRequiredValue(data)));
        return command;
    }

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)Megabyte:N1} MB");

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);
}
