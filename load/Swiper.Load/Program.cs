Console.Error.WriteLine("no scenario yet");
return 2;
