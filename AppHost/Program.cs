System.Console.WriteLine("OrderSample");
