using Swiper.Load.Commands;
using Swiper.Load.Running;

if (args is [ChildWorker.Command])
{
    await WorkerProcess.RunAsync(Console.In, Console.Out);
    return ExitCode.Passed;
}
return await LoadCommand.RunAsync(args, new OwnRunner());
