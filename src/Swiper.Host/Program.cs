using Swiper.Host;
using Swiper.Host.Connections;

SocketTuning.Apply();
var command = HostCommand.Create(HostProcess.RunAsync).Parse(args);
var exitCode = await command.InvokeAsync();
return command.Errors.Count > 0 ? ExitCode.WrongOptions : exitCode;
