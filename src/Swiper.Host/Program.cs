Console.WriteLine("swiper");
