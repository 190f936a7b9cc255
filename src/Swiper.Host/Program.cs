using System.CommandLine;
using Swiper.Host;
using Swiper.Host.Connections;

SocketTuning.Apply();
var command = HostCommand.Create(HostProcess.RunAsync).Parse(args);
foreach (var error in command.Errors)
    Console.Error.WriteLine($"swiper: {error.Message}");
if (command.Errors.Count > 0)
    return ExitCode.WrongUsage;
// The host itself ends on SIGTERM and Ctrl+C, in its own time; the command line must not end it first.
return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
