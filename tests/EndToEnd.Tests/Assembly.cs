// One system at a time is enough for a machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
