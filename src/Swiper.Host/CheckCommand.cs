using System.CommandLine;

namespace Swiper.Host;

/// <summary>`check`: reads all files of a stopped embedded engine, or looks at the machine and the configuration of a host.</summary>
internal static class CheckCommand
{
    public static Command Create(Option<string> environment, Option<string[]> settings)
    {
        var data = new Option<string?>("--data")
        {
            Description = "read everything in this folder of the embedded engine, which no host has open", HelpName = "DIR",
        };
        var command = new Command(
            "check", "Looks at the machine, options and stores of a host, or at a data folder. Exit code 3 if something is wrong.")
        {
            data, environment, settings,
        };
        command.SetAction((parsed, _) => parsed.GetValue(data) is { } folder
            ? HostProcess.CheckAsync(folder)
            : HostProcess.CheckSystemAsync(new HostArguments(parsed.GetRequiredValue(environment), parsed.GetValue(settings) ?? [])));
        return command;
    }
}
