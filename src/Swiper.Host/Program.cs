using System.CommandLine;
using Swiper.Host;
using Swiper.Host.Connections;

SocketTuning.Apply();
var command = HostCommand.Create(HostProcess.RunAsync).Parse(args);
// The host itself ends on SIGTERM and Ctrl+C, in its own time; the command line must not end it first.
var exitCode = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return command.Errors.Count > 0 ? ExitCode.WrongOptions : exitCode;
