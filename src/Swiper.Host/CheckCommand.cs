using System.CommandLine;

namespace Swiper.Host;

/// <summary>`check`: reads all files of a stopped embedded engine.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "folder of the embedded engine", HelpName = "DIR", DefaultValueFactory = _ => "data",
        };
        var command = new Command("check", "Reads everything in a data folder that no host has open. Exit code 3 if something is wrong.")
        {
            data,
        };
        command.SetAction((parsed, _) => HostProcess.CheckAsync(parsed.GetRequiredValue(data)));
        return command;
    }
}
