// The scatter plot: numbers are read from the table on the page, all digits are there.
const figure = document.getElementById('scatter');
const form = document.getElementById('scatter-form');
const table = document.getElementById('result-table');

let isListening = false;

/** @param onAxes - Told the names of the axes whenever they are chosen. */
export async function drawScatter(onAxes) {
  if (!isListening) {
    isListening = true;
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', () => {
      onAxes(form.elements.x.value, form.elements.y.value);
      void draw();
    });
    document.addEventListener('glint-theme', () => void draw());
  }
  await draw();
}

async function draw() {
  if (figure.closest('[hidden]') !== null) return;
  await loadPlotly();
  const points = rows();
  figure.querySelector(':scope > svg')?.remove();
  await window.Plotly.react(figure, [trace(points)], layout(points), {
    responsive: true,
    displaylogo: false,
    modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
  });
  if (figure.dataset.ready === undefined) {
    figure.on('plotly_click', ({ points: [point] }) => {
      if (point.customdata.address !== '') window.location.assign(point.customdata.address);
    });
  }
  figure.dataset.ready = `${points.length}`;
  const all = table.tBodies[0].rows.length;
  document.getElementById('scatter-reading').textContent =
    `${points.length} of the ${all} rows of this page have both values.`;
}

let loading;
function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = figure.dataset.plotly;
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error('Plotly did not come')));
    document.head.append(script);
  });
  return loading;
}

function rows() {
  const [x, y] = [chosen('x'), chosen('y')];
  const key = Number(form.dataset.key);
  return [...table.tBodies[0].rows].flatMap((row, i) => {
    const values = [x, y].map(({ index }) => {
      const cell = row.cells[index];
      return cell.className === 'null' ? NaN : Number(cell.textContent);
    });
    if (!values.every(Number.isFinite)) return [];
    const named = key === -1 ? undefined : row.cells[key];
    return [
      {
        x: values[0],
        y: values[1],
        label: named?.textContent ?? `row ${i + 1}`,
        address: named?.querySelector('a')?.getAttribute('href') ?? '',
      },
    ];
  });
}

function chosen(name) {
  const { dataset } = form.elements[name].selectedOptions[0];
  return {
    index: Number(dataset.index),
    title: dataset.title,
    isInverted: dataset.inverted !== undefined,
  };
}

const colour = (name) =>
  window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function trace(points) {
  return {
    type: 'scatter',
    mode: 'markers',
    x: points.map((point) => point.x),
    y: points.map((point) => point.y),
    customdata: points,
    text: points.map((point) => point.label),
    hovertemplate: '<b>%{text}</b><br>%{x}<br>%{y}<extra></extra>',
    marker: {
      size: points.length > 400 ? 6 : 8,
      color: colour('--accent'),
      opacity: points.length > 400 ? 0.6 : 0.8,
      line: { width: 0.7, color: colour('--panel') },
    },
  };
}

function layout(points) {
  const isNarrow = figure.clientWidth < 600;
  const axis = ({ title, isInverted }) => ({
    title: { text: title, standoff: 8 },
    autorange: isInverted ? 'reversed' : true,
    gridcolor: colour('--panel-edge'),
    linecolor: colour('--panel-edge'),
    tickcolor: colour('--panel-edge'),
    ticks: 'outside',
    ticklen: 4,
    zeroline: false,
    showline: true,
    automargin: true,
    exponentformat: 'none',
    separatethousands: false,
    // Days of JD and MJD are long numbers: all their digits are wanted.
    hoverformat: '',
  });
  return {
    autosize: true,
    height: isNarrow ? 380 : 520,
    margin: { l: isNarrow ? 50 : 68, r: 12, t: 12, b: 48 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: {
      family: window.getComputedStyle(document.body).fontFamily,
      size: 12,
      color: colour('--muted'),
    },
    hoverlabel: {
      bgcolor: colour('--panel'),
      bordercolor: colour('--panel-edge'),
      font: { color: colour('--ink'), size: 12 },
      align: 'left',
    },
    showlegend: false,
    hovermode: 'closest',
    dragmode: isNarrow ? false : 'zoom',
    xaxis: { ...axis(chosen('x')), nticks: isNarrow ? 5 : 9 },
    yaxis: { ...axis(chosen('y')), nticks: 8 },
    annotations:
      points.length > 0
        ? []
        : [
            {
              text: 'No row has both values.',
              showarrow: false,
              xref: 'paper',
              yref: 'paper',
              x: 0.5,
              y: 0.5,
            },
          ],
  };
}
