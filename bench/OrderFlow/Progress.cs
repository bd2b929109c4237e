namespace OrderSample.Bench;

/// <summary>Says on standard error what is being done; the results are on standard output.</summary>
internal static class Progress
{
    public static void Say(string what) => Console.Error.WriteLine(what);
}
