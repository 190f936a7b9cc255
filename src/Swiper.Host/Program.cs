using Swiper.Host;
using Swiper.Host.Connections;

// Before all else: with too few descriptors not even the command line can be read, because reading it loads libraries.
if (SystemLimits.Missing() is { } missing)
    return SystemLimits.Refuse(missing);
SocketTuning.Apply();
return await HostCommand.RunAsync(args);
