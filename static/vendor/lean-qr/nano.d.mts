// The part of lean-qr that the page uses.

export function generate(data: string): { toCanvas(canvas: HTMLCanvasElement): void };
