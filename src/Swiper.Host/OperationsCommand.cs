using System.CommandLine;
using Swiper.Host.Web;

namespace Swiper.Host;

/// <summary>
/// A command that asks, or whose subcommands ask, a running host for operations. Which host, its options say, as they say it to the host
/// itself.
/// </summary>
internal sealed class OperationsCommand : Command
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "the host's data folder (data)", HelpName = "DIR", Recursive = true,
    };

    private readonly Option<int?> _port = new Option<int?>("--port")
    {
        Description = "the host's TCP port (7400), which is in the name of a cluster host's socket", HelpName = "N", Recursive = true,
    }.AnyNumber();

    private readonly Option<string> _environment = new("--environment")
    {
        Description = "the host's environment", HelpName = "NAME", Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production",
    };

    private readonly Option<string[]> _settings = SettingOption.Create("any other option of the host, such as --set Ops:Socket=PATH");

    public OperationsCommand(string name, string description)
        : base(name, description)
    {
        _settings.Recursive = true;
        Add(_data);
        Add(_port);
        Add(_environment);
        Add(_settings);
    }

    /// <summary>Adds a subcommand, whose code talks to the host.</summary>
    public OperationsCommand With(Command subcommand, Func<ParseResult, OperationsClient, CancellationToken, Task> run)
    {
        Add(subcommand);
        return Does(subcommand, run);
    }

    /// <summary>The code of a command that has no subcommands.</summary>
    public OperationsCommand Does(Func<ParseResult, OperationsClient, CancellationToken, Task> run) => Does(this, run);

    private OperationsCommand Does(Command command, Func<ParseResult, OperationsClient, CancellationToken, Task> run)
    {
        command.SetAction((parsed, cancellation) => HostProcess.RunOperationAsync(
            new HostArguments(
                parsed.GetRequiredValue(_environment),
                [
                    .. HostCommand.Setting("Storage:Data", parsed.GetValue(_data)),
                    .. HostCommand.Setting("Listen:Port", parsed.GetValue(_port)?.ToString()),
                    .. parsed.GetValue(_settings) ?? [],
                ]),
            client => run(parsed, client, cancellation)));
        return this;
    }
}
