-- An order is stored
-- @p0 UniqueIdentifier, @p1 Bit, @p2 NVarChar(32), @p3 NVarChar(4000), @p4 DateTimeOffset, @p5 NVarChar(4000), @p6 UniqueIdentifier, @p7 NVarChar(1000), @p8 NVarChar(4000), @p9 Int, @p10 DateTimeOffset, @p11 DateTimeOffset, @p12 NVarChar(4000), @p13 UniqueIdentifier, @p14 Decimal, @p15 DateTimeOffset, @p16 UniqueIdentifier, @p17 NVarChar(4000), @p18 NVarChar(4000), @p19 DateTimeOffset, @p20 Decimal, @p21 NVarChar(55), @p22 Int, @p23 NVarChar(4000), @p24 NVarChar(256), @p25 UniqueIdentifier, @p26 NVarChar(256), @p27 DateTime2, @p28 DateTime2, @p29 NVarChar(4000), @p30 UniqueIdentifier, @p31 NVarChar(4000), @p32 NVarChar(4000), @p33 UniqueIdentifier, @p34 DateTime2, @p35 Int, @p36 NVarChar(4000), @p37 NVarChar(256), @p38 UniqueIdentifier, @p39 NVarChar(256), @p40 DateTime2, @p41 DateTime2, @p42 NVarChar(4000), @p43 UniqueIdentifier, @p44 NVarChar(4000), @p45 NVarChar(4000), @p46 UniqueIdentifier, @p47 DateTime2
SET NOCOUNT ON;
INSERT INTO [OrderStates] ([CorrelationId], [CancelAtOnce], [CurrentState], [Customer], [InStateSince], [Lines], [PaymentId], [Reason], [Refunds], [Resends], [ReservedAt], [SubmittedAt], [Timeline], [TimeoutToken], [Total], [UpdatedAt])
OUTPUT INSERTED.[RowVersion]
VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15);
INSERT INTO [Orders] ([OrderId], [Customer], [Lines], [SubmittedAt], [Total], [TraceParent])
VALUES (@p16, @p17, @p18, @p19, @p20, @p21);
MERGE [OutboxMessage] USING (
VALUES (@p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30, @p31, @p32, @p33, @p34, 0),
(@p35, @p36, @p37, @p38, @p39, @p40, @p41, @p42, @p43, @p44, @p45, @p46, @p47, 1)) AS i ([Attempts], [Body], [ContentType], [CorrelationId], [DestinationAddress], [EnqueueTime], [ExpirationTime], [Headers], [MessageId], [MessageType], [Properties], [SchedulingTokenId], [SentTime], _Position) ON 1=0
WHEN NOT MATCHED THEN
INSERT ([Attempts], [Body], [ContentType], [CorrelationId], [DestinationAddress], [EnqueueTime], [ExpirationTime], [Headers], [MessageId], [MessageType], [Properties], [SchedulingTokenId], [SentTime])
VALUES (i.[Attempts], i.[Body], i.[ContentType], i.[CorrelationId], i.[DestinationAddress], i.[EnqueueTime], i.[ExpirationTime], i.[Headers], i.[MessageId], i.[MessageType], i.[Properties], i.[SchedulingTokenId], i.[SentTime])
OUTPUT INSERTED.[SequenceNumber], i._Position;

-- A message is stored, where one row at a time is all that the server can take
-- @p0 Int, @p1 NVarChar(4000), @p2 NVarChar(256), @p3 UniqueIdentifier, @p4 NVarChar(256), @p5 DateTime2, @p6 DateTime2, @p7 NVarChar(4000), @p8 UniqueIdentifier, @p9 NVarChar(4000), @p10 NVarChar(4000), @p11 UniqueIdentifier, @p12 DateTime2
SET IMPLICIT_TRANSACTIONS OFF;
SET NOCOUNT ON;
INSERT INTO [OutboxMessage] ([Attempts], [Body], [ContentType], [CorrelationId], [DestinationAddress], [EnqueueTime], [ExpirationTime], [Headers], [MessageId], [MessageType], [Properties], [SchedulingTokenId], [SentTime])
OUTPUT INSERTED.[SequenceNumber]
VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12);

-- Its saga is loaded
-- p0 UniqueIdentifier
SELECT TOP(2) [o].[CorrelationId], [o].[CancelAtOnce], [o].[CurrentState], [o].[Customer], [o].[InStateSince], [o].[Lines], [o].[PaymentId], [o].[Reason], [o].[Refunds], [o].[Resends], [o].[ReservedAt], [o].[RowVersion], [o].[SearchReason], [o].[SubmittedAt], [o].[Timeline], [o].[TimeoutToken], [o].[Total], [o].[UpdatedAt]
FROM (
    SELECT * FROM [OrderStates] WITH (UPDLOCK, ROWLOCK) WHERE [CorrelationId] = @p0
) AS [o]

-- Sagas of messages that share a transaction are loaded
-- @orderIds1 UniqueIdentifier, @orderIds2 UniqueIdentifier
SELECT [o].[CorrelationId], [o].[CancelAtOnce], [o].[CurrentState], [o].[Customer], [o].[InStateSince], [o].[Lines], [o].[PaymentId], [o].[Reason], [o].[Refunds], [o].[Resends], [o].[ReservedAt], [o].[RowVersion], [o].[SearchReason], [o].[SubmittedAt], [o].[Timeline], [o].[TimeoutToken], [o].[Total], [o].[UpdatedAt]
FROM (
    SELECT * FROM [OrderStates] WITH (UPDLOCK, ROWLOCK, FORCESEEK)
) AS [o]
WHERE [o].[CorrelationId] IN (@orderIds1, @orderIds2)
ORDER BY [o].[CorrelationId]
